import type { Trial } from '../api/shapes.ts'
import { count } from '../words/numbers.ts'

/** The complete trial with the highest score, the earlier one of equals; undefined before the first. */
export function bestTrial(trials: readonly Trial[]): Trial | undefined {
  const complete = trials.filter((trial) => trial.state === 'complete' && trial.score !== null)
  return complete.reduce<Trial | undefined>(
    (best, trial) => (best === undefined || trial.score! > best.score! ? trial : best),
    undefined,
  )
}

/** `28 complete, 4 pruned, 0 failed`. */
export function tallyOf(trials: readonly Trial[]): string {
  const of = (state: Trial['state']): string =>
    `${count(trials.filter((trial) => trial.state === state).length)} ${state}`
  return `${of('complete')}, ${of('pruned')}, ${of('failed')}`
}
