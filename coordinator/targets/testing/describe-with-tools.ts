import { spawnSync } from 'node:child_process'
import { describe } from '@jest/globals'

/** `describe` where the tools are installed; elsewhere the suite is skipped, and one loud line says why. */
export function describeWithTools(tools: readonly string[], name: string, suite: () => void): void {
  const missing = tools.filter((tool) => spawnSync('sh', ['-c', 'command -v "$0"', tool]).status !== 0)
  if (missing.length === 0) {
    describe(name, suite)
    return
  }
  console.warn(`SKIPPED, NOT TESTED: "${name}" needs ${missing.join(', ')}, not installed here`)
  describe.skip(name, suite)
}
