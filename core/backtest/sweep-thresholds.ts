import { checkCosts, fundingShare, type Costs } from './costs.ts'
import { followsDirectly, type Bars } from './follow-targets.ts'
import { sharpeOfSums } from './returns.ts'
import type { PositionRules } from './target-positions.ts'

/** Thresholds of one setting: buy and sell are said from these probabilities on. */
export interface ThresholdSetting {
  readonly buy: number
  readonly sell: number
}

/** What following a setting came to. */
export interface SweptSetting extends ThresholdSetting {
  readonly totalReturn: number
  /** Of one bar. */
  readonly sharpe: number
  readonly maxDrawdown: number
  readonly trades: number
  /** Share of bars in the market. */
  readonly exposure: number
}

/**
 * {@link followTargets} under many threshold settings at full size: the same fills, costs and measures, without the
 * paths. `probabilities` is rows x 3 (sell, hold, buy). What settings have in common is computed once; one setting is
 * a loop over numbers. Throws USAGE for costs out of range.
 */
export function sweepThresholds(
  bars: Bars,
  probabilities: ArrayLike<number>,
  settings: readonly ThresholdSetting[],
  rules: Pick<PositionRules, 'short' | 'onHold'>,
  costs: Costs,
): SweptSetting[] {
  checkCosts(costs)
  const shared = sharedOf(bars, probabilities, costs)
  return settings.map((setting) => ({ ...setting, ...follow(shared, setting, rules) }))
}

/** Every pair of these thresholds. */
export function thresholdGrid(thresholds: readonly number[]): ThresholdSetting[] {
  return thresholds.flatMap((buy) => thresholds.map((sell) => ({ buy, sell })))
}

/** What no setting changes. */
interface Shared {
  readonly rows: number
  readonly open: Float64Array
  readonly close: Float64Array
  /** 1 where a bar follows the one before directly. */
  readonly direct: Uint8Array
  /** P(buy) where buy beats sell, -P(sell) where sell beats buy, 0 where neither does. */
  readonly lead: Float64Array
  /** Share of a short's (long's) notional that funding takes over one bar, and since the bar before. */
  readonly funding: { readonly [side in 'short' | 'long']: { readonly bar: number; readonly since: Float64Array } }
  /** Factors of a purchase's price and of a sale's, fee and slippage in them. */
  readonly buys: number
  readonly sells: number
}

function sharedOf(bars: Bars, probabilities: ArrayLike<number>, costs: Costs): Shared {
  const rows = bars.openTime.length
  const { feeBps, slippageBps } = costs
  const lead = new Float64Array(rows)
  for (let t = 0; t < rows; t++) {
    const [sell, buy] = [probabilities[t * 3]!, probabilities[t * 3 + 2]!]
    lead[t] = buy > sell ? buy : sell > buy ? -sell : 0
  }
  const fundingOf = (sign: number) => ({
    bar: fundingShare(costs, sign, bars.widthMs),
    since: bars.openTime.map((time, t) => (t > 0 ? fundingShare(costs, sign, time - bars.openTime[t - 1]!) : 0)),
  })
  return {
    rows,
    open: bars.open,
    close: bars.close,
    direct: Uint8Array.from(bars.openTime, (_, t) => (t > 0 && followsDirectly(bars, t) ? 1 : 0)),
    lead,
    funding: { short: fundingOf(-1), long: fundingOf(1) },
    buys: (1 + slippageBps / 1e4) * (1 + feeBps / 1e4),
    sells: (1 - slippageBps / 1e4) * (1 - feeBps / 1e4),
  }
}

/** One setting: {@link Account} for positions of -1, 0 and 1, written out. */
function follow(shared: Shared, { buy, sell }: ThresholdSetting, rules: Pick<PositionRules, 'short' | 'onHold'>) {
  const { rows, open, close, direct, lead, funding, buys, sells } = shared
  const { bar: shortBar, since: shortSince } = funding.short
  const { bar: longBar, since: longSince } = funding.long
  const onSell = rules.short ? -1 : 0
  const keeps = rules.onHold === 'keep'
  let [cash, quantity, wanted, held, before] = [1, 0, 0, 0, 1]
  let [peak, kept, sum, squares, trades, exposed] = [1, 1, 0, 0, 0, 0]
  for (let t = 0; t < rows; t++) {
    const heldBefore = held
    if (wanted !== held && direct[t] === 1) {
      const price = open[t]!
      if (quantity !== 0 && cash + quantity * price <= 0) {
        cash = quantity = 0
        trades++
      } else if (quantity !== 0) {
        cash = Math.max(0, cash + quantity * price * (quantity > 0 ? sells : buys))
        quantity = 0
        trades++
      }
      if (cash <= 0) wanted = 0
      else if (wanted > 0) {
        quantity = cash / (price * buys)
        cash = 0
      } else if (wanted < 0) {
        quantity = -cash / price
        cash += cash * sells
      }
      held = wanted
    }
    let equity = cash
    if (quantity !== 0) {
      exposed++
      const price = close[t]!
      if (quantity < 0) cash += quantity * price * (held === heldBefore ? shortSince[t]! : shortBar)
      else cash -= quantity * price * (held === heldBefore ? longSince[t]! : longBar)
      equity = cash + quantity * price
      if (equity <= 0) {
        cash = quantity = equity = 0
        trades++
      } else if (t === rows - 1) {
        equity = Math.max(0, cash + quantity * price * (quantity > 0 ? sells : buys))
        trades++
      }
    }
    // Out of the market nothing changes, and the two divisions are most of a bar's time.
    if (equity !== before) {
      const change = equity / before - 1
      sum += change
      squares += change * change
      before = equity
      if (equity > peak) peak = equity
      else if (equity < peak * kept) kept = equity / peak
    }
    const said = lead[t]!
    if (said > 0 && said >= buy) wanted = 1
    else if (said < 0 && -said >= sell) wanted = onSell
    else if (!keeps) wanted = 0
  }
  const sharpe = rows > 2 ? sharpeOfSums(sum, squares, rows - 1) : 0
  return { totalReturn: before - 1, sharpe, maxDrawdown: 1 - kept, trades, exposure: exposed / rows }
}
