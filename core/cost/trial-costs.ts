import type { TrialRecord } from '#core/registry'
import type { Cost } from './cost.ts'

/** What one trial cost, by currency. */
export interface TrialCost {
  readonly number: number
  readonly amounts: Readonly<Record<string, number>>
}

/**
 * The part of a run's cost that each trial used: its thread-seconds inside the booster over the thread-seconds that were
 * paid for, which are `threads` times how long the workers were there on average. What remains is not in a trial: other
 * stages, start, end and idle threads. Should trials have used more than was paid for (threads joined later than they
 * were counted), their parts are scaled to the whole.
 */
export function trialCosts(
  { amounts, lines }: Pick<Cost, 'amounts' | 'lines'>,
  trials: readonly Pick<TrialRecord, 'number' | 'durationMs'>[],
  threads: number,
): TrialCost[] {
  const workers = lines.filter(({ kind }) => kind === 'worker')
  const things = workers.reduce((sum, line) => sum + line.things, 0)
  const workerSeconds = workers.reduce((sum, line) => sum + line.seconds, 0)
  const paid = things === 0 ? 0 : (threads * workerSeconds) / things
  const used = trials.reduce((sum, { durationMs }) => sum + durationMs / 1000, 0)
  const whole = Math.max(paid, used)
  return trials.map(({ number, durationMs }) => {
    const share = whole === 0 ? 0 : durationMs / 1000 / whole
    const parts = Object.entries(amounts).map(([currency, amount]) => [currency, amount * share])
    return { number, amounts: Object.fromEntries(parts) as Record<string, number> }
  })
}
