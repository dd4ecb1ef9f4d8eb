import { execFileSync } from 'node:child_process'

export { packageVersion } from '#platform/processes'

/** Commit of the code that runs, null outside a checkout. */
export function gitCommit(): string | null {
  try {
    const cwd = import.meta.dirname
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}
