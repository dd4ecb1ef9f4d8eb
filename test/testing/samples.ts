import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The BULLPEN_HOME in which sample candles are unpacked once for all tests; `npm run clean` removes it. */
export const samplesHome = resolve('dist/test-samples')

/**
 * Copies the unpacked samples into a new home, where a command finds them as if an earlier one had unpacked them: that
 * takes four seconds of a core, and nearly every test file has a home of its own.
 */
export function copySamples(home: string): void {
  const unpacked = join(samplesHome, 'samples')
  mkdirSync(join(home, 'samples'), { recursive: true })
  if (!existsSync(unpacked)) return
  for (const name of readdirSync(unpacked)) {
    // The minutes are 25 MB, and nothing that tests ask for needs them once the wider bars are there.
    if (!name.includes('-1m.')) copyFileSync(join(unpacked, name), join(home, 'samples', name))
  }
}
