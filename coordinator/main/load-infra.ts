import type { Infra } from '../targets/index.ts'

/** The stacks and scripts of processes, loaded when something is rented or looked for: they take a third of a second. */
export async function loadInfra(): Promise<Infra> {
  const { LocalClusterStack, synthStack, lookScript, sweepScript, endScript } = await import('#infra-model')
  return {
    synthLocal: (cluster, outdir) => synthStack(outdir, 'local', (app) => new LocalClusterStack(app, 'local', cluster)),
    scripts: { look: lookScript, sweep: sweepScript, end: endScript },
  }
}
