import { BullpenError } from '#core/errors'
import { verdicts } from '#core/verdict'
import { sortByClass, walkDown, type SortedScores } from './sorted-scores.ts'
import { totalOf } from './verdict-metrics.ts'
import { weightedRocAuc } from './weighted-roc-auc.ts'

/** Names the rows a metric was asked about, for the message of ONE_CLASS. */
const anyRows = 'the rows scored'

/**
 * Area under the ROC curve: the chance that a positive row scores above a negative one, ties counting half
 * (Mann-Whitney U; Hanley & McNeil 1982). `positives[i]` is 1 or 0. Throws ONE_CLASS, DATA_SET_INVALID for NaN.
 */
export function rocAuc(scores: ArrayLike<number>, positives: ArrayLike<number>, where: string = anyRows): number {
  const sorted = sortedWithBothClasses(scores, positives, where)
  let positivesAbove = 0
  let wins = 0
  walkDown(sorted, (_, p, n) => {
    wins += n * (positivesAbove + p / 2)
    positivesAbove += p
  })
  return wins / (sorted.positive.length * sorted.negative.length)
}

/**
 * Average precision, sum over distinct thresholds of (recall step x precision), with equal scores taken together
 * (scikit-learn's `average_precision_score`: no interpolation). Throws ONE_CLASS when no row is positive.
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  where: string = anyRows,
): number {
  const sorted = sortByClass(scores, positives)
  if (sorted.positive.length === 0) throw oneClass(where, ['the rest'])
  let p = sorted.positive.length - 1
  let n = sorted.negative.length - 1
  let taken = 0
  let sum = 0
  // Only thresholds at which recall steps matter, so the walk goes from positive score to positive score.
  while (p >= 0) {
    const score = sorted.positive[p]!
    const before = p
    while (p >= 0 && sorted.positive[p] === score) p--
    while (n >= 0 && sorted.negative[n]! >= score) n--
    const step = before - p
    taken += step
    sum += (step * taken) / (taken + sorted.negative.length - 1 - n)
  }
  return sum / sorted.positive.length
}

/** One point of a ROC curve: the rates when everything scoring `threshold` or more is called positive. */
export interface RocPoint {
  readonly threshold: number
  readonly falsePositiveRate: number
  readonly truePositiveRate: number
}

/** The whole ROC curve from (0, 0) to (1, 1), one point a distinct score. Throws ONE_CLASS. */
export function rocCurve(scores: ArrayLike<number>, positives: ArrayLike<number>, where: string = anyRows): RocPoint[] {
  const sorted = sortedWithBothClasses(scores, positives, where)
  const points: RocPoint[] = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }]
  let p = 0
  let n = 0
  walkDown(sorted, (threshold, positiveStep, negativeStep) => {
    p += positiveStep
    n += negativeStep
    points.push({
      threshold,
      falsePositiveRate: n / sorted.negative.length,
      truePositiveRate: p / sorted.positive.length,
    })
  })
  return points
}

/** How {@link weightedOneVersusRest} counts rows, and what it calls them in errors. */
export interface RankingOptions {
  readonly where?: string | undefined
  /** Sample weights above 0, one a row; absent: every row counts alike. */
  readonly weights?: ArrayLike<number> | undefined
}

/**
 * Each class against the rest, weighted by the rows of the class (scikit-learn's `roc_auc_score(multi_class='ovr',
 * average='weighted')`), or by their weights. `scoreOf(class)` gives one score a row; `target` is -1, 0, 1. Throws
 * ONE_CLASS when a class has no row, because its area is then undefined.
 */
export function weightedOneVersusRest(
  scoreOf: (classIndex: number) => ArrayLike<number>,
  target: ArrayLike<number>,
  { where = anyRows, weights }: RankingOptions = {},
): number {
  requireEveryClass(target, where)
  let sum = 0
  for (let c = 0; c < verdicts.length; c++) {
    const positives = positivesOf(target, c)
    const support = positives.reduce((total, positive, i) => total + positive * (weights?.[i] ?? 1), 0)
    const scores = scoreOf(c)
    sum += support * (weights ? weightedRocAuc(scores, positives, weights) : rocAuc(scores, positives, where))
  }
  return sum / totalOf(target, weights)
}

/** {@link weightedOneVersusRest} of class probabilities, row-major rows x 3 in the order sell, hold, buy. */
export function rocAucOvrWeighted(
  probabilities: ArrayLike<number>,
  target: ArrayLike<number>,
  options?: RankingOptions,
): number {
  return weightedOneVersusRest((c) => classColumn(probabilities, c), target, options)
}

/**
 * {@link weightedOneVersusRest} of one number without skill, C/P-1 (features.md section 7.6). The signs are fixed, not
 * fitted: a close above its own smooth pulls the smooth up, so buy ranks by +naive, sell by -naive and hold by -|naive|.
 */
export function naiveRocAucOvrWeighted(
  naive: ArrayLike<number>,
  target: ArrayLike<number>,
  options?: RankingOptions,
): number {
  return weightedOneVersusRest((c) => naiveScores(naive, c), target, options)
}

/** The naive baseline's score of every row for class 0 sell, 1 hold, 2 buy; see {@link naiveRocAucOvrWeighted}. */
export function naiveScores(naive: ArrayLike<number>, classIndex: number): Float64Array {
  const signed = [(x: number) => -x, (x: number) => -Math.abs(x), (x: number) => x][classIndex]!
  return Float64Array.from(naive, signed)
}

/** Column `classIndex` of row-major rows x 3 probabilities. */
export function classColumn(probabilities: ArrayLike<number>, classIndex: number): Float64Array {
  const out = new Float64Array(probabilities.length / verdicts.length)
  for (let i = 0; i < out.length; i++) out[i] = probabilities[i * verdicts.length + classIndex]!
  return out
}

/** 1 where the target is class `classIndex`, else 0. */
export function positivesOf(target: ArrayLike<number>, classIndex: number): Uint8Array {
  // A loop: `Uint8Array.from` with a function goes through an iterator and takes ten times as long.
  const positives = new Uint8Array(target.length)
  for (let i = 0; i < positives.length; i++) positives[i] = target[i] === classIndex - 1 ? 1 : 0
  return positives
}

/** Throws ONE_CLASS when the targets (-1, 0, 1) of `where` lack a class. */
export function requireEveryClass(target: ArrayLike<number>, where: string): void {
  const present = verdicts.filter((_, c) => Array.prototype.includes.call(target, c - 1))
  if (present.length < verdicts.length) throw oneClass(where, present)
}

/** ONE_CLASS for rows which hold only `present`. */
export function oneClass(where: string, present: readonly string[]): BullpenError {
  return new BullpenError('ONE_CLASS', { where, only: present.join(' and ') || 'nothing' })
}

function sortedWithBothClasses(scores: ArrayLike<number>, positives: ArrayLike<number>, where: string): SortedScores {
  const sorted = sortByClass(scores, positives)
  if (sorted.positive.length === 0) throw oneClass(where, ['the rest'])
  if (sorted.negative.length === 0) throw oneClass(where, ['the class asked for'])
  return sorted
}
