import { BullpenError } from '#core/errors'
import { sharpeOfSums } from './returns.ts'

/** How choosing the best of several strategies by their record fares on records it did not see. */
export interface Overfitting {
  /** Share of splits where the one chosen is no better than the median of all on the other half, in [0, 1]. */
  readonly probability: number
  /** ln(w / (1 - w)) of each split, w the relative rank of the chosen on the other half, in (0, 1). */
  readonly logits: Float64Array
}

/** Even, and small enough that C(blocks, blocks / 2) splits are counted out in a second: 12,870 for 16. */
export const overfittingBlocks = 16

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, Lopez de Prado &
 * Zhu 2015, "The probability of backtest overfitting"): the bars are cut into an even number of blocks; for every
 * choice of half of them the strategy with the best Sharpe ratio there is ranked by its Sharpe ratio on the other half.
 *
 * `returns` holds one array of bar returns per strategy, 2 or more, of equal length; rows beyond the last whole block
 * are left out. Equal ratios share their mean rank. Throws DATA_SET_INVALID.
 */
export function overfittingOf(returns: readonly Float64Array[], blocks: number = overfittingBlocks): Overfitting {
  const sums = requireReturns(returns, blocks)
  return overParts(returns.length, blocks, (s, part) => sharpeIn(sums, s * blocks, part))
}

/**
 * The same for the trials of a search and the score they were chosen by: `scores` holds one array per trial, 2 or more, of its
 * scores on the folds, 2 or more. Of an odd number of folds the larger part chooses. Trials of a sampler that learns from
 * earlier scores have seen all folds, so for these it is the least the probability may be. Throws DATA_SET_INVALID.
 */
export function searchOverfitting(scores: readonly (readonly number[])[]): Overfitting {
  const folds = scores[0]?.length ?? 0
  if (scores.length < 2) throw invalid(`${scores.length} trials leave nothing to choose`)
  if (folds < 2) throw invalid(`${folds} folds cannot be parted`)
  if (scores.some((each) => each.length !== folds)) throw invalid('trials differ in folds')
  return overParts(
    scores.length,
    folds,
    (s, part) => part.reduce((sum, fold) => sum + scores[s]![fold]!, 0) / part.length,
  )
}

/** `scoreIn` judges a strategy on some blocks. */
function overParts(strategies: number, blocks: number, scoreIn: (s: number, part: Uint8Array) => number): Overfitting {
  const parts = partsOf(blocks)
  const logits = new Float64Array(parts.length)
  const [chosen, other] = [new Float64Array(strategies), new Float64Array(strategies)]
  for (const [i, part] of parts.entries()) {
    const [inside, outside] = [blocksIn(part, blocks, 1), blocksIn(part, blocks, 0)]
    for (let s = 0; s < strategies; s++) {
      chosen[s] = scoreIn(s, inside)
      other[s] = scoreIn(s, outside)
    }
    const best = chosen.reduce((leader, value, s) => (value > chosen[leader]! ? s : leader), 0)
    const share = rankOf(other, best) / (strategies + 1)
    logits[i] = Math.log(share / (1 - share))
  }
  return { probability: logits.reduce((count, logit) => count + (logit <= 0 ? 1 : 0), 0) / logits.length, logits }
}

/** Of every strategy block after block: the sum of its returns and of their squares. */
interface BlockSums {
  readonly rows: number
  readonly sums: Float64Array
  readonly squares: Float64Array
}

function requireReturns(returns: readonly Float64Array[], blocks: number): BlockSums {
  const length = returns[0]?.length ?? 0
  const rows = Math.floor(length / blocks)
  if (returns.length < 2) throw invalid(`${returns.length} strategies leave nothing to choose`)
  if (blocks < 2 || blocks % 2 !== 0) throw invalid(`${blocks} blocks cannot be halved`)
  if (rows < 2) throw invalid(`${length} returns do not fill ${blocks} blocks`)
  if (returns.some((each) => each.length !== length)) throw invalid('strategies differ in length')
  const parts = returns.flatMap((each) =>
    Array.from({ length: blocks }, (_, b) => each.subarray(b * rows, (b + 1) * rows)),
  )
  return {
    rows,
    sums: Float64Array.from(parts, (part) => part.reduce((sum, r) => sum + r, 0)),
    squares: Float64Array.from(parts, (part) => part.reduce((sum, r) => sum + r * r, 0)),
  }
}

/** Every choice of half of the blocks, of the larger half where their number is odd: one bit a block. */
function partsOf(blocks: number): Uint32Array {
  const bits = (mask: number): number => (mask === 0 ? 0 : 1 + bits(mask & (mask - 1)))
  const chosen = Math.ceil(blocks / 2)
  return Uint32Array.from({ length: 2 ** blocks }, (_, mask) => mask).filter((mask) => bits(mask) === chosen)
}

function blocksIn(part: number, blocks: number, bit: 0 | 1): Uint8Array {
  return Uint8Array.from({ length: blocks }, (_, b) => b).filter((b) => ((part >>> b) & 1) === bit)
}

function sharpeIn({ rows, sums, squares }: BlockSums, from: number, blocks: Uint8Array): number {
  let [sum, square] = [0, 0]
  for (let b = 0; b < blocks.length; b++) {
    sum += sums[from + blocks[b]!]!
    square += squares[from + blocks[b]!]!
  }
  return sharpeOfSums(sum, square, rows * blocks.length)
}

/** Rank of entry `which` from 1, the worst; equal values share the mean of their ranks. */
function rankOf(values: Float64Array, which: number): number {
  let [below, equal] = [0, 0]
  const mine = values[which]!
  for (const value of values) {
    if (value < mine) below++
    else if (value === mine) equal++
  }
  return below + (equal + 1) / 2
}

function invalid(reason: string): BullpenError {
  return new BullpenError('DATA_SET_INVALID', { reason: `overfitting: ${reason}` })
}
