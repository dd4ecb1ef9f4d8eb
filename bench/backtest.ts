import { makeSeries } from '#core/candles'
import { defaultCosts, followTargets, sweepThresholds, targetPositions, thresholdGrid } from '#core/backtest'
import { blockBootstrapOfSums, movingBlockBootstrap, predictedTargets } from '#core/evaluation'
import { Random } from '#core/random'
import { machine } from './machine.ts'

/**
 * `npm run bench:backtest`: 100 threshold settings over 100,000 bars (target: under a second), beside the account
 * followed bar by bar; and 2,000 resamples of a mean by sums and row by row.
 */
const rows = 100_000
const random = Random.of('bench backtest', 1)
let price = 10_000
const candles = Array.from({ length: rows }, (_, t) => {
  const open = price
  price = open * Math.exp(0.01 * random.normal())
  const [high, low] = [Math.max(open, price), Math.min(open, price)]
  return { openTime: t * 14_400_000, open, high, low, close: price, volume: 1 }
})
const bars = makeSeries({ symbol: 'BTC/USDT', source: 'random walk', widthMs: 14_400_000, candles }, { gaps: 'keep' })
const probabilities = Float64Array.from({ length: rows * 3 }, () => random.uniform())
const settings = thresholdGrid(Array.from({ length: 10 }, (_, i) => i / 10))
const rules = { short: true, onHold: 'keep', sizing: 'full' } as const

/** Processor time of the best try: what other processes take from the machine does not count. */
function seconds(work: () => unknown, repeats: number): number {
  const times = Array.from({ length: repeats }, () => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  })
  return Math.min(...times)
}

const sweep = seconds(() => sweepThresholds(bars, probabilities, settings, rules, defaultCosts), 5)
const plain = seconds(() => {
  for (const { buy, sell } of settings) {
    const verdicts = predictedTargets(probabilities, { kind: 'thresholds', buy, sell })
    followTargets(bars, targetPositions(verdicts, rules), defaultCosts)
  }
}, 1)
const values = Float64Array.from({ length: 8_504 }, () => random.normal())
const resampling = { block: 60, draws: 2_000, seed: 1 }
const bySums = seconds(() => blockBootstrapOfSums([values], { ...resampling, statistic: ([sum], n) => sum! / n }), 3)
const byRows = seconds(
  () =>
    movingBlockBootstrap([values], {
      ...resampling,
      statistic: ([sample]) => sample!.reduce((sum, value) => sum + value, 0) / sample!.length,
    }),
  1,
)

console.log(machine())
const line = (what: string, time: number, note: string) => {
  console.log(`${what.padEnd(52)} ${time.toFixed(3).padStart(8)} s  ${note}`)
}
const steps = rows * settings.length
line(`sweep: ${rows} bars x ${settings.length} settings`, sweep, `${(steps / sweep / 1e6).toFixed(0)} M bars/s`)
line('the same by following each account', plain, `${(plain / sweep).toFixed(1)} times as long`)
line('2,000 resamples of a mean of 8,504 rows, by sums', bySums, '')
line('the same row by row', byRows, `${(byRows / bySums).toFixed(1)} times as long`)
