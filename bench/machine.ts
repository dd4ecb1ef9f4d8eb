import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'

/** One line that names the machine a figure was taken on. */
export function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30)
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${model}, ${availableParallelism()} cores, ${gib} GiB, Node ${process.versions.node}, ${platform()} ${arch()}`
}
