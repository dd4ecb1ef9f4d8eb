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
  const halves = halvesOf(blocks)
  const logits = new Float64Array(halves.length)
  const [chosen, other] = [new Float64Array(returns.length), new Float64Array(returns.length)]
  for (const [i, half] of halves.entries()) {
    const [inside, outside] = [blocksIn(half, blocks, 1), blocksIn(half, blocks, 0)]
    for (let s = 0; s < returns.length; s++) {
      chosen[s] = sharpeIn(sums, s * blocks, inside)
      other[s] = sharpeIn(sums, s * blocks, outside)
    }
    const best = chosen.reduce((leader, value, s) => (value > chosen[leader]! ? s : leader), 0)
    const share = rankOf(other, best) / (returns.length + 1)
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

/** Every choice of half of the blocks: one bit a block. */
function halvesOf(blocks: number): Uint32Array {
  const bits = (mask: number): number => (mask === 0 ? 0 : 1 + bits(mask & (mask - 1)))
  return Uint32Array.from({ length: 2 ** blocks }, (_, mask) => mask).filter((mask) => bits(mask) === blocks / 2)
}

function blocksIn(half: number, blocks: number, bit: 0 | 1): Uint8Array {
  return Uint8Array.from({ length: blocks }, (_, b) => b).filter((b) => ((half >>> b) & 1) === bit)
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
