/** `npm run bench:candles`: how long candles take to become a series, by source and format. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { candleFields, formatTime, toCandles, type CandleSeries } from '#core/candles'
import { openCandleSource } from '#platform/market-data'
import { machine } from './machine.ts'

const folder = mkdtempSync(join(tmpdir(), 'bench-candles-'))
try {
  console.log(machine())
  console.log(
    'source'.padEnd(34),
    'rows'.padStart(8),
    's'.padStart(7),
    'CPU s'.padStart(7),
    'rows/s'.padStart(10),
    'RSS MB'.padStart(7),
  )
  await measure('sample:btcusdt-4h', 'sample, first time')
  await measure('sample:btcusdt-4h', 'sample, cached')
  await measure('sample:ethusdt-1m', 'sample 1m, first time')
  const minutes = await measure('sample:ethusdt-1m', 'sample 1m, cached')
  for (const [name, content] of Object.entries(files(minutes))) {
    writeFileSync(join(folder, name), content())
    await measure(join(folder, name), name)
  }
} finally {
  rmSync(folder, { recursive: true })
}

async function measure(source: string, label: string): Promise<CandleSeries> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  const series = await openCandleSource(source, { home: folder })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  const rss = Math.round(process.memoryUsage().rss / 1e6)
  const cells = [
    series.rows,
    seconds.toFixed(2),
    ((user + system) / 1e6).toFixed(2),
    Math.round(series.rows / seconds),
    rss,
  ]
  const widths = [8, 7, 7, 10, 7]
  console.log(label.padEnd(34), ...cells.map((cell, i) => String(cell).padStart(widths[i]!)))
  return series
}

function files(series: CandleSeries): Record<string, () => string | Uint8Array> {
  const objects = (): string =>
    JSON.stringify(
      toCandles(series).map(({ openTime, open, high, low, close, volume }) => ({
        TimeKey: formatTime(openTime),
        Open: open,
        High: high,
        Low: low,
        Close: close,
        Volume: volume,
      })),
    )
  const csv = (): string => {
    const lines = toCandles(series).map((c) =>
      [formatTime(c.openTime), c.open, c.high, c.low, c.close, c.volume].join(),
    )
    return ['TimeKey,Open,High,Low,Close,Volume', ...lines].join('\n')
  }
  const parquet = (): Uint8Array => {
    const columnData = candleFields.map((name) => ({ name, data: series[name], type: 'DOUBLE' as const }))
    return new Uint8Array(parquetWriteBuffer({ columnData }))
  }
  return {
    'minutes.json': objects,
    'minutes.json.gz': () => gzipSync(objects(), { level: 1 }),
    'minutes.csv': csv,
    'minutes.csv.gz': () => gzipSync(csv(), { level: 1 }),
    'minutes.parquet': parquet,
  }
}
