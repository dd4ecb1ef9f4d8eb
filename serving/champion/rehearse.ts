import { setImmediate as nextTurn } from 'node:timers/promises'
import { BullpenError } from '#core/errors'
import type { AnsweringModel, ModelAnswer } from '#core/model'
import { verdicts } from '#core/verdict'

/** What a model's answers to the newest candles must be like before it may answer for real. */
export interface RehearsalLimits {
  /** Newest settled rows tried. With fewer, all there are; with none, nothing is tried. */
  readonly rows: number
  /** 99th percentile of the time of one answer, ms. */
  readonly answerMs: number
  /** How far the probabilities of an answer may be from a sum of 1. */
  readonly sumError: number
  /** From this many rows on, a model that says one and the same with probability 1 (to 1e-9) on all of them is refused. */
  readonly certainRows: number
}

/**
 * An answer takes 0.05 to 0.2 ms; 50 ms is no limit for a busy machine but for a model that is far too large.
 * Probabilities are float64 soft-maxes of three numbers: their sum is right to some 1e-16.
 */
export const defaultRehearsalLimits: RehearsalLimits = { rows: 256, answerMs: 50, sumError: 1e-9, certainRows: 32 }

/** Rows between two looks at who else wants the thread: requests go on being answered meanwhile. */
const rowsPerTurn = 8

/**
 * Asks the model about rows of its feature set, as it will be asked when it serves.
 *
 * @param now ms, for the time of an answer
 * @throws REHEARSAL_FAILED with what was wrong; the signal's reason when it is aborted
 */
export async function rehearse(
  version: number,
  model: AnsweringModel,
  rows: readonly ArrayLike<number>[],
  limits: RehearsalLimits,
  { signal, now = () => performance.now() }: { readonly signal?: AbortSignal; readonly now?: () => number } = {},
): Promise<void> {
  const fail = (reason: string): never => {
    throw new BullpenError('REHEARSAL_FAILED', { version, rows: rows.length, reason })
  }
  const times = new Float64Array(rows.length)
  const certain = new Set<string>()
  for (const [i, row] of rows.entries()) {
    if (i % rowsPerTurn === 0) await nextTurn()
    signal?.throwIfAborted()
    const start = now()
    const answer = model.answer(row)
    times[i] = now() - start
    if (!isSound(answer, limits.sumError)) fail(`gave probabilities ${numbersOf(answer).join(', ')}`)
    certain.add(numbersOf(answer).some((p) => p > 1 - 1e-9) ? answer.verdict : 'unsure')
  }
  const [only] = certain
  if (rows.length >= limits.certainRows && certain.size === 1 && only !== 'unsure') {
    fail(`said ${only} with certainty to all of them`)
  }
  const slow = times.sort()[Math.ceil(times.length * 0.99) - 1] ?? 0
  if (slow > limits.answerMs) fail(`took ${slow.toFixed(1)} ms for an answer, more than ${limits.answerMs}`)
}

function isSound(answer: ModelAnswer, sumError: number): boolean {
  const numbers = numbersOf(answer)
  const sum = numbers.reduce((total, p) => total + p, 0)
  // Written so that NaN fails.
  return numbers.every((p) => p >= 0 && p <= 1) && Math.abs(sum - 1) <= sumError
}

function numbersOf({ probabilities }: ModelAnswer): number[] {
  return verdicts.map((verdict) => probabilities[verdict])
}
