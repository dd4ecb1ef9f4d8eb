import { classOfTarget } from '#core/verdict'

/** What a model is asked: the three verdicts, or buy (`up`) / sell (`down`) against the rest. */
export type Question = 'verdict' | 'up' | 'down'

/** Booster labels of targets -1, 0, 1: class 0, 1, 2 for `verdict`, otherwise 1 where the target is the one asked for. */
export function questionLabels(target: Int8Array, question: Question): Float32Array {
  if (question === 'verdict') return Float32Array.from(target, classOfTarget)
  const wanted = question === 'up' ? 1 : -1
  return Float32Array.from(target, (value) => (value === wanted ? 1 : 0))
}
