/**
 * How much of the machine a search puts to use: wall clock of the search stage against the time inside XGBoost divided
 * by the threads, and peak memory, for 1 and 2 threads. `npm run bench:search -- SOURCE TRIALS`.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { machine } from './machine.ts'

const [source = 'sample:btcusdt-4h', trials = '24'] = process.argv.slice(2)
const program = resolve(import.meta.dirname, '../coordinator/main/bullpen.js')
const home = mkdtempSync(join(tmpdir(), 'bullpen-bench-'))

/** One run in a process of its own, so that its peak memory is its own. */
async function run(threads: number): Promise<{ outcome: TrainingOutcome; peakMiB: number }> {
  const args = ['train', '--candles', source, '--trials', trials, '--threads', String(threads), '--seed', '5', '--json']
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, BULLPEN_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peakMiB = 0
  const watch = setInterval(() => (peakMiB = Math.max(peakMiB, highWaterMiB(child.pid!))), 100)
  let stdout = ''
  for await (const chunk of child.stdout) stdout += String(chunk)
  clearInterval(watch)
  return { outcome: JSON.parse(stdout) as TrainingOutcome, peakMiB }
}

/** VmHWM: the kernel's own record of the largest resident set so far. */
function highWaterMiB(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

const table = []
try {
  for (const threads of [1, 2]) {
    const { outcome, peakMiB } = await run(threads)
    const search = outcome.stages.find(({ stage }) => stage === 'search')!
    table.push({
      threads,
      engine: `${outcome.engine.name} ${outcome.engine.version}`,
      rows: outcome.data.rows,
      columns: outcome.columns.length,
      trials: outcome.search.trials.length,
      'wall s': (search.ms / 1000).toFixed(2),
      'in XGBoost s': (search.fitMs / 1000).toFixed(2),
      'in XGBoost / threads / wall': (search.fitMs / threads / search.ms).toFixed(3),
      'peak MiB': Math.round(peakMiB),
    })
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
console.log(machine())
console.table(table)
