import type { Candle } from '#core/candles'
import type { EquityCurve, GivenVerdict } from '../ports.ts'

export interface EquityInput {
  readonly widthMs: number
  /** Oldest first. */
  readonly candles: readonly Candle[]
  /** In any order. */
  readonly verdicts: readonly Pick<GivenVerdict, 'at' | 'id' | 'verdict'>[]
  /** Paid on each purchase and each sale, basis points of what is traded. */
  readonly feesBps: number
}

/** A verdict given this much of a width after a candle opened is traded at that open, later ones at the next. */
const onTime = 0.1

/**
 * Value of 1 unit of money following the verdicts as they were given, beside buying at the first open and holding.
 * Buy is all in, sell is all out, hold changes nothing. A verdict is traded at the open of the first candle that opens no
 * earlier than the verdict was given, or has opened less than a tenth of a width before; of several for one open the last
 * given counts. So nothing is traded on what was not known yet, and a verdict given late, after an outage, is traded
 * late. Each point is the value at a close, fees paid so far included; the first is 1 at the first open that a verdict
 * could be traded at. Between candles missing in the series the position is kept.
 */
export function equityCurve({ widthMs, candles, verdicts, feesBps }: EquityInput): EquityCurve {
  const orders = ordersOf(candles, verdicts, widthMs * onTime)
  const first = Math.min(...orders.keys())
  const start = candles[first]
  if (!start) return { points: [], feesBps }
  const kept = 1 - feesBps / 10_000
  const points = [{ time: start.openTime, strategy: 1, buyAndHold: 1 }]
  let [money, coins] = [1, 0]
  for (let row = first; row < candles.length; row++) {
    const { openTime, open, close } = candles[row]!
    const order = orders.get(row)
    if (order === 'buy' && coins === 0) [money, coins] = [0, (money * kept) / open]
    if (order === 'sell' && coins > 0) [money, coins] = [coins * open * kept, 0]
    points.push({ time: openTime + widthMs, strategy: money + coins * close, buyAndHold: (kept * close) / start.open })
  }
  return { points, feesBps }
}

/** By row of the candle at whose open it is traded. */
function ordersOf(
  candles: readonly Candle[],
  verdicts: EquityInput['verdicts'],
  lateMs: number,
): Map<number, GivenVerdict['verdict']> {
  const orders = new Map<number, GivenVerdict['verdict']>()
  const inOrder = [...verdicts].sort((a, b) => a.at - b.at || a.id - b.id)
  let row = 0
  for (const { at, verdict } of inOrder) {
    while (row < candles.length && candles[row]!.openTime < at - lateMs) row++
    if (row < candles.length) orders.set(row, verdict)
  }
  return orders
}
