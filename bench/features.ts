import { makeSeries, type Candle, type CandleSeries } from '#core/candles'
import { computeFeatures, featureSet, openFeatureStream } from '#core/features'
import { labeler } from '#core/labels'
import { Random } from '#core/random'
import { machine } from './machine.ts'

/**
 * `npm run bench:features`: the table of features and swing label, batch at growing lengths and one candle at a time.
 * Targets: 8,504 reference rows in 0.25 s, growth to 525,000 rows at most 1.1 times linear, a candle in 30 microseconds.
 */
const rowCounts = [8_504, 34_000, 136_000, 525_000]

/** One measured line. */
interface Measurement {
  /** Wall time of the best try. */
  readonly seconds: number
  /** Processor time of all tries, per try: what other processes take from the machine does not count. */
  readonly cpuSeconds: number
  readonly rows: number
  /** Memory of the process afterwards, the last table included and whatever was not collected yet. */
  readonly residentMiB: number
}

function measureTable(rows: number, setName: string, repeats: number): Measurement {
  const series = randomWalk(rows)
  const times = best(repeats, () => {
    computeFeatures(series, featureSet(setName))
    labeler('swing').label(series)
  })
  return { ...times, rows, residentMiB: process.memoryUsage().rss / 2 ** 20 }
}

function measureStream(rows: number, setName: string): Measurement {
  const stream = openFeatureStream(featureSet(setName))
  const candles = candlesOfWalk(rows)
  const times = best(3, () => {
    for (const candle of candles) stream.step(candle)
  })
  return { ...times, rows, residentMiB: process.memoryUsage().rss / 2 ** 20 }
}

function best(repeats: number, work: () => void): { seconds: number; cpuSeconds: number } {
  const before = process.cpuUsage()
  const seconds = Array.from({ length: repeats }, () => {
    const start = performance.now()
    work()
    return (performance.now() - start) / 1000
  })
  const { user, system } = process.cpuUsage(before)
  return { seconds: Math.min(...seconds), cpuSeconds: (user + system) / 1e6 / repeats }
}

function randomWalk(rows: number): CandleSeries {
  return makeSeries(
    { symbol: 'BTC/USDT', source: 'random walk', widthMs: 14_400_000, candles: candlesOfWalk(rows) },
    { gaps: 'keep' },
  )
}

function candlesOfWalk(rows: number): Candle[] {
  const random = Random.of('bench features', 1)
  let close = 10_000
  return Array.from({ length: rows }, (_, t) => {
    const open = close
    close = open * Math.exp(0.01 * random.normal())
    const [high, low] = [Math.max(open, close) * 1.002, Math.min(open, close) * 0.998]
    return { openTime: t * 14_400_000, open, high, low, close, volume: 100 * random.uniform() }
  })
}

function print(name: string, { seconds, cpuSeconds, rows, residentMiB }: Measurement, note = ''): void {
  const cells = [
    name.padEnd(28),
    String(rows).padStart(8),
    seconds.toFixed(3).padStart(9),
    cpuSeconds.toFixed(3).padStart(9),
    (rows / seconds).toFixed(0).padStart(9),
    ((seconds / rows) * 1e6).toFixed(2).padStart(9),
    residentMiB.toFixed(0).padStart(8),
  ]
  console.log(`${cells.join(' ')}  ${note}`)
}

console.log(machine())
console.log(`${'what'.padEnd(28)}     rows   seconds     cpu s    rows/s    us/row  RSS MiB`)
// Untimed, so that no figure holds the compiler's work.
measureTable(rowCounts[0]!, 'all', 5)
let first: Measurement | undefined
for (const rows of rowCounts) {
  const measured = measureTable(rows, 'reference', rows < 100_000 ? 7 : 1)
  first ??= measured
  const growth = measured.cpuSeconds / measured.rows / (first.cpuSeconds / first.rows)
  print('reference table and label', measured, `processor time ${growth.toFixed(2)} x linear`)
}
print('classic table and label', measureTable(8_504, 'classic', 7))
print('all table and label', measureTable(8_504, 'all', 7))
for (const name of ['reference', 'classic', 'all']) print(`${name} streaming`, measureStream(8_504, name))
