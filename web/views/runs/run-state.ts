import type { Run } from '#client'

/** Stages of a run in their order. */
export const stages = ['features', 'selection', 'search', 'fit', 'register'] as const

/** Whether somebody may still be working on it. */
export function isUnderWay(run: Run): boolean {
  return run.state !== 'done' && run.state !== 'failed' && run.state !== 'interrupted'
}

/** Looks of the chip with the state's name. */
export function chipOf(run: Run): string {
  if (run.state === 'done') return 'chip is-good'
  return isUnderWay(run) ? 'chip is-accent' : 'chip is-bad'
}

/** A run that has not been heard of for this long is not counted as running, whatever its last state. */
export const quietMs = 10 * 60_000
