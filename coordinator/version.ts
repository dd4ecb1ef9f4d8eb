import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Version of bullpen, from the package.json above dist/. */
export function packageVersion(): string {
  const path = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

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
