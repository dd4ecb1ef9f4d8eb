import { spawnSync } from 'node:child_process'
import { describe } from '@jest/globals'

/** What keeps hosts in network namespaces from being made here; null when nothing does. */
function missing(): string | null {
  if (process.getuid?.() !== 0) return 'it needs root'
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) return 'there is no redis-server'
  const name = `bullpen-probe-${process.pid}`
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  if (made.error) return 'there is no ip command (iproute2)'
  if (made.status !== 0) return `ip netns add failed: ${made.stderr.trim()}`
  const entered = spawnSync('ip', ['netns', 'exec', name, 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' })
  spawnSync('ip', ['netns', 'delete', name])
  return entered.status === 0 ? null : `ip netns exec failed: ${entered.stderr.trim()}`
}

/** `describe` where hosts can be made in network namespaces; elsewhere the suite is skipped, and one loud line says why. */
export function describeCluster(name: string, suite: () => void): void {
  const reason = missing()
  if (reason === null) {
    describe(name, suite)
    return
  }
  console.warn(`SKIPPED, NOT TESTED: "${name}" runs several hosts in network namespaces, and ${reason}`)
  describe.skip(name, suite)
}
