import { noCosts } from '#core/backtest'
import { makeSeries, type CandleSeries } from '#core/candles'
import { featureSet } from '#core/features'
import { AnsweringModel, Forest } from '#core/model'
import { Random } from '#core/random'
import { exampleManifest } from '#core/registry/testing'
import type { BacktestChoices, BacktestSubject } from '../index.ts'

export const widthMs = 14_400_000

/** A random walk of 4-hour candles. */
export function walkSeries(rows: number, seed = 1): CandleSeries {
  const random = Random.of('backtest walk', seed)
  let price = 10_000
  const candles = Array.from({ length: rows }, (_, t) => {
    const open = price
    price = open * Math.exp(0.01 * random.normal())
    const [high, low] = [Math.max(open, price) * 1.001, Math.min(open, price) * 0.999]
    return { openTime: t * widthMs, open, high, low, close: price, volume: 1 + random.uniform() }
  })
  return makeSeries({ symbol: 'BTC/USDT', source: 'walk', widthMs, candles }, { gaps: 'keep' })
}

const set = featureSet('reference')
const column = set.columns.find((name) => /rsi/i.test(name))!

/** Buys when the first RSI of the reference set is under 50, sells when it is not. */
export function stumpModel(): AnsweringModel {
  const stump = (group: number, low: number, high: number) => ({
    group,
    left: [1, -1, -1],
    right: [2, -1, -1],
    column: [0, 0, 0],
    value: [50, low, high],
    defaultLeft: [1, 0, 0],
    gain: [1, 0, 0],
    cover: [2, 1, 1],
  })
  const trees = [stump(0, -1, 1), stump(1, 0, 0), stump(2, 1, -1)]
  const baseMargins = new Float64Array(3)
  const forest = new Forest({ objective: 'multi:softprob', columns: 1, groups: 3, baseMargins, trees })
  return new AnsweringModel(forest, {
    featureSet: set.name,
    featureSetHash: set.hash,
    columns: [column],
    policy: { kind: 'argmax' },
  })
}

/** The stump, fitted on the rows before `unseenRow` and judged up to `judgedRow`. */
export function stumpSubject(unseenRow: number, judgedRow: number): BacktestSubject {
  const manifest = exampleManifest('run 1', { label: { name: 'swing', parameters: { horizon: 10 } } })
  return {
    version: { version: 3, createdAt: 0, manifest },
    model: stumpModel(),
    sight: { unseenFrom: unseenRow * widthMs, judgedUntil: judgedRow * widthMs },
    tried: { search: 4, outer: 2, otherRuns: 6, total: 12, overfitting: 0.25 },
  }
}

export const choices: BacktestChoices = {
  rules: { short: true, onHold: 'keep', sizing: 'full' },
  costs: { ...noCosts, feeBps: 10, slippageBps: 2, shortFundingBps: 1 },
  draws: 100,
  seed: 1,
}
