import type { Bars } from '#core/backtest'
import { Random } from '#core/random'

/** Four-hour bars, seven days of them a week. */
export const widthMs = 14_400_000
export const barsPerWeek = 42

/** Rows that a label of this market reaches over. */
export const reach = 6

/** What a model says of some rows: verdicts -1, 0, 1; probabilities rows x 3. */
export interface Answers {
  readonly verdicts: Int8Array
  readonly probabilities: Float64Array
}

/** A market without memory in its returns: nothing in its past tells its future. */
export interface Market {
  readonly bars: Bars
  /** -1, 0, 1: the move of the next {@link reach} bars beyond half its standard deviation, up or down. */
  readonly target: Int8Array
  /** That move in units of its standard deviation. */
  readonly move: Float64Array
}

/**
 * Returns with fat tails and clustered volatility: 1.2 % a bar on average (BTC/USDT 4h since 2017: 1.3 %), log
 * volatility an AR(1), shocks of a Student t with 5 degrees of freedom.
 */
export function market(rows: number, seed: number): Market {
  const random = Random.of(seed, 'market')
  const returns = new Float64Array(rows + reach + 1)
  let logVolatility = 0
  for (let t = 0; t < returns.length; t++) {
    logVolatility = 0.97 * logVolatility + 0.12 * random.normal()
    returns[t] = Math.max(-0.5, 0.0075 * Math.exp(logVolatility) * studentFive(random))
  }
  const open = new Float64Array(rows)
  const close = new Float64Array(rows)
  const openTime = new Float64Array(rows)
  let price = 10_000
  for (let t = 0; t < rows; t++) {
    openTime[t] = t * widthMs
    open[t] = price
    price *= 1 + returns[t]!
    close[t] = price
  }
  return { bars: { widthMs, openTime, open, close }, ...labels(returns, rows) }
}

function labels(returns: Float64Array, rows: number): Pick<Market, 'target' | 'move'> {
  const move = new Float64Array(rows)
  for (let t = 0; t < rows; t++) for (let ahead = 1; ahead <= reach; ahead++) move[t]! += returns[t + ahead]!
  const deviation = Math.sqrt(move.reduce((sum, value) => sum + value * value, 0) / rows)
  for (let t = 0; t < rows; t++) move[t]! /= deviation
  return { move, target: Int8Array.from(move, (value) => (Math.abs(value) < 0.5 ? 0 : Math.sign(value))) }
}

/**
 * What a model says of the rows `from` to `to` (exclusive): its score has the correlation `skill` with the move ahead,
 * the rest of it is noise that wanders as features do (an AR(1)). 0 is no skill at all. The same keys and `from` give
 * the same answers however far they go.
 */
export function model(
  { move }: Market,
  { skill, from, to }: { readonly skill: number; readonly from: number; readonly to: number },
  ...keys: readonly (string | number)[]
): Answers {
  const random = Random.of('model', ...keys)
  const verdicts = new Int8Array(to - from)
  const probabilities = new Float64Array(verdicts.length * 3)
  let noise = random.normal()
  for (let i = 0; i < verdicts.length; i++) {
    noise = 0.7 * noise + Math.sqrt(1 - 0.49) * random.normal()
    const score = skill * move[from + i]! + Math.sqrt(1 - skill * skill) * noise
    const [sell, hold, buy] = [Math.exp(-0.3 * score), 1, Math.exp(0.3 * score)]
    const sum = sell + hold + buy
    probabilities.set([sell / sum, hold / sum, buy / sum], i * 3)
    verdicts[i] = score > 0.5 ? 1 : score < -0.5 ? -1 : 0
  }
  return { verdicts, probabilities }
}

/** Some rows of a market, as a week's held-out tail shows them. */
export function stretchOf({ bars, target, move }: Market, start: number, end: number): Market {
  const { openTime, open, close } = bars
  return {
    bars: {
      widthMs,
      openTime: openTime.subarray(start, end),
      open: open.subarray(start, end),
      close: close.subarray(start, end),
    },
    target: target.subarray(start, end),
    move: move.subarray(start, end),
  }
}

function studentFive(random: Random): number {
  let squares = 0
  for (let i = 0; i < 5; i++) squares += random.normal() ** 2
  return random.normal() / Math.sqrt(squares / 5)
}
