import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  emptyColumns,
  formatTimeframe,
  makeSeries,
  resample,
  seriesFromColumns,
  seriesToColumns,
  withGapPolicy,
  type CandleColumns,
  type CandleSeries,
  type GapPolicy,
} from '#core/candles'
import { decodeColumns, encodeColumns } from '#core/columnar'
import { BullpenError } from '#core/errors'
import { writeAtomically } from '#platform/files'
import type { CandleSource, SampleSymbol } from './source-grammar.ts'

const minute = 60_000
/** Binance quotes volumes to 8 decimals. With sums rounded to them the 2,195 golden 4-hour volumes come out equal. */
const volumeDecimals = 8
/** Part of the cache's file names: raise it when the same recording comes to give other candles. */
const cacheVersion = 1

export interface SampleOptions {
  readonly gaps: GapPolicy
  /** Folder for the cache, under which `samples/` is made. */
  readonly home: string
  readonly onProgress?: (text: string) => void
}

/**
 * Real candles of 2020 from the npm package trading-candles: 1-minute recordings of Binance, resampled. Three bars of
 * each recording were cut short by outages of the exchange and lie off the minute grid; they are snapped onto it.
 * Resampled series are cached as column files, since unpacking and parsing a recording (129 MB of JSON) takes seconds.
 * Throws SAMPLE_UNAVAILABLE, and CANDLES_GAPS under the policy `reject`.
 */
export async function sampleCandles(
  sample: Extract<CandleSource, { kind: 'sample' }>,
  options: SampleOptions,
): Promise<CandleSeries> {
  const { symbol, widthMs } = sample
  const cached = await readCache(symbol, widthMs, options)
  if (cached) return withGapPolicy(cached, options.gaps)
  const minutes = (await readCache(symbol, minute, options)) ?? (await recordedMinutes(symbol, options))
  const series = widthMs === minute ? minutes : resample(minutes, widthMs, { gaps: 'keep', volumeDecimals })
  if (widthMs !== minute) await writeCache(symbol, series, options)
  return withGapPolicy(series, options.gaps)
}

async function recordedMinutes(symbol: SampleSymbol, options: SampleOptions): Promise<CandleSeries> {
  const source = `sample:${symbol}-1m`
  options.onProgress?.(`unpacking the 1-minute candles of ${source} (once)`)
  const rows = await readRecording(symbol, source)
  const input = { symbol: slashed(symbol), source, widthMs: minute, candles: columnsOf(rows) }
  const series = makeSeries(input, { gaps: 'keep', snapToGrid: { volumeDecimals } })
  await writeCache(symbol, series, options)
  return series
}

interface RecordedCandle {
  readonly openTimeInMillis: number
  readonly open: string
  readonly high: string
  readonly low: string
  readonly close: string
  readonly volume: string
}

async function readRecording(symbol: SampleSymbol, source: string): Promise<readonly RecordedCandle[]> {
  const name = `${slashed(symbol).replace('/', '_')}_2020`
  try {
    const { unzipSync } = await import('fflate')
    const folder = dirname(createRequire(import.meta.url).resolve('trading-candles/package.json'))
    const zip = unzipSync(await readFile(join(folder, 'zip', 'years', `${name}.zip`)))
    return JSON.parse(new TextDecoder('latin1').decode(zip[`${name}.json`])) as RecordedCandle[]
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error)
    throw new BullpenError('SAMPLE_UNAVAILABLE', { source, reason }, { cause: error })
  }
}

function columnsOf(rows: readonly RecordedCandle[]): CandleColumns {
  const columns = emptyColumns(rows.length)
  rows.forEach((row, i) => {
    columns.openTime[i] = row.openTimeInMillis
    columns.open[i] = Number(row.open)
    columns.high[i] = Number(row.high)
    columns.low[i] = Number(row.low)
    columns.close[i] = Number(row.close)
    columns.volume[i] = Number(row.volume)
  })
  return columns
}

/** The cached series, or null when there is none. A damaged one is said so and made anew: the recording is the truth. */
async function readCache(symbol: SampleSymbol, widthMs: number, options: SampleOptions): Promise<CandleSeries | null> {
  const path = cachePath(symbol, widthMs, options)
  try {
    const bytes = await readFile(path)
    return seriesFromColumns(decodeColumns(new Uint8Array(bytes)), path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    options.onProgress?.(`${path} is damaged and is made anew`)
    return null
  }
}

async function writeCache(symbol: SampleSymbol, series: CandleSeries, options: SampleOptions): Promise<void> {
  await writeAtomically(cachePath(symbol, series.widthMs, options), encodeColumns(seriesToColumns(series)))
}

function cachePath(symbol: SampleSymbol, widthMs: number, { home }: SampleOptions): string {
  return join(home, 'samples', `${symbol}-${formatTimeframe(widthMs)}.v${cacheVersion}.columns`)
}

function slashed(symbol: SampleSymbol): string {
  return symbol.toUpperCase().replace(/USDT$/, '/USDT')
}
