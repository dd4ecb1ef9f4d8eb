/** `npm run bench:candle-store`: opening the embedded database, importing candles into it and reading them back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Candle } from '#core/candles'
import { Random } from '#core/random'
import { openDatabase, PostgresCandleStore } from '#platform/postgres'
import { machine } from './machine.ts'

function bars(rows: number, widthMs: number): Candle[] {
  const random = Random.of(1, 'candle-store')
  return Array.from({ length: rows }, (_, row) => {
    const open = 10_000 + 100 * random.uniform()
    const close = 10_000 + 100 * random.uniform()
    const openTime = 1_577_836_800_000 + row * widthMs
    return { openTime, open, high: 10_100.5, low: 9_999.5, close, volume: 1000 * random.uniform() }
  })
}

const table: Record<string, string | number>[] = []

async function measure<T>(what: string, rows: number, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await work()
  const seconds = (performance.now() - start) / 1000
  const rate = rows === 0 ? '' : Math.round(rows / seconds)
  const rssMb = Math.round(process.memoryUsage.rss() / 1e6)
  table.push({ what, rows, seconds: Number(seconds.toFixed(3)), 'rows/s': rate, 'rss MB': rssMb })
  return result
}

const home = mkdtempSync(join(tmpdir(), 'bullpen-bench-'))
const onNote = (): void => undefined
const first = await measure('create and open the database', 0, () => openDatabase({ home, onNote }))
await first.close()
const database = await measure('open it again', 0, () => openDatabase({ home, onNote }))
const store = new PostgresCandleStore(database)
for (const [rows, widthMs] of [
  [8_504, 14_400_000],
  [525_600, 60_000],
] as const) {
  const candles = bars(rows, widthMs)
  await measure('import', rows, () => store.import('BTC/USDT', widthMs, candles, Date.now()))
  await measure('import again, nothing new', rows, () => store.import('BTC/USDT', widthMs, candles, Date.now()))
  await measure('read', rows, () => store.read('BTC/USDT', widthMs))
}
await database.close()
rmSync(home, { recursive: true })
console.table(table)
console.log(machine())
