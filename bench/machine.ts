import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'

/** One line that names the machine a figure was taken on, and how busy it was: its load of the last minute. */
export function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30)
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const load = loadavg()[0]!.toFixed(1)
  return `${model}, ${availableParallelism()} cores, ${gib} GiB, Node ${process.versions.node}, ${platform()} ${arch()}, load ${load}`
}
