import type { Infra } from '../targets/index.ts'

/** The stacks and scripts of processes, loaded when something is rented or looked for: they take a third of a second. */
export async function loadInfra(): Promise<Infra> {
  const { LocalClusterStack, SshClusterStack, synthStack, ...infra } = await import('#infra-model')
  return {
    synthLocal: (cluster, outdir) => synthStack(outdir, 'local', (app) => new LocalClusterStack(app, 'local', cluster)),
    synthSsh: (cluster, outdir) => synthStack(outdir, 'ssh', (app) => new SshClusterStack(app, 'ssh', cluster)),
    scripts: { look: infra.lookScript, sweep: infra.sweepScript, end: infra.endScript },
  }
}
