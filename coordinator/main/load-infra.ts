import type { Infra } from '../targets/index.ts'

/** The stacks and scripts of processes, loaded when something is rented or looked for: they take a third of a second. */
export async function loadInfra(): Promise<Infra> {
  const { stacks, synthesize, endScript, lookScript, sweepScript } = await import('#infra-model')
  const stack = (name: string) => stacks.find((entry) => entry.name === name)!
  return {
    synthLocal: (cluster, outdir) => synthesize(stack('local'), cluster, outdir),
    synthSsh: (cluster, outdir) => synthesize(stack('ssh'), cluster, outdir),
    scripts: { look: lookScript, sweep: sweepScript, end: endScript },
  }
}
