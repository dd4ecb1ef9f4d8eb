import { parseTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'

/** What a source text means. */
export type CandleSource =
  | { readonly kind: 'file'; readonly path: string; readonly format: FileFormat; readonly gzip: boolean }
  | { readonly kind: 'sample'; readonly symbol: SampleSymbol; readonly widthMs: number }
  | { readonly kind: 'exchange'; readonly exchange: string; readonly symbol: string; readonly widthMs: number }
  | { readonly kind: 'store'; readonly symbol: string; readonly widthMs: number }

export type FileFormat = 'json' | 'csv' | 'parquet'

export const sampleSymbols = ['btcusdt', 'ethusdt', 'bnbusdt'] as const
export type SampleSymbol = (typeof sampleSymbols)[number]
const sampleTimeframes = ['4h', '1h', '15m', '1m']

/** The grammar in words, for help texts. */
export const candleSourceHelp = `A candle source is one of
  FILE                           .json, .csv or .parquet, each optionally .gz
  sample:btcusdt-4h              real candles of 2020; also ethusdt, bnbusdt and -1h, -15m, -1m
  exchange:binance:BTC/USDT:4h   any exchange ccxt knows; see --since
  store:BTC/USDT:4h              the candle store`

/**
 * Reads a source text; see {@link candleSourceHelp}. A text without one of the three prefixes is a path.
 * Throws CANDLES_SOURCE_INVALID, TIMEFRAME_INVALID, and UNKNOWN_NAME for a sample there is none of.
 */
export function parseCandleSource(text: string): CandleSource {
  const [, prefix, rest = ''] = /^(sample|exchange|store):(.*)$/.exec(text) ?? []
  if (prefix === 'sample') return sampleSource(rest)
  if (prefix === 'exchange') {
    const [, exchange, symbol, timeframe] = /^([a-z0-9]+):([^:\s]+(?::[^:\s]+)?):([^:\s]+)$/.exec(rest) ?? []
    if (!exchange || !symbol || !timeframe) throw invalid(text, 'write exchange:NAME:SYMBOL:WIDTH')
    return { kind: 'exchange', exchange, symbol, widthMs: parseTimeframe(timeframe) }
  }
  if (prefix === 'store') {
    const [, symbol, timeframe] = /^(\S+):([^:\s]+)$/.exec(rest) ?? []
    if (!symbol || !timeframe) throw invalid(text, 'write store:SYMBOL:WIDTH')
    return { kind: 'store', symbol, widthMs: parseTimeframe(timeframe) }
  }
  return fileSource(text)
}

function sampleSource(rest: string): CandleSource {
  const [name = '', timeframe = ''] = rest.toLowerCase().split('-')
  const symbol = sampleSymbols.find((known) => known === name)
  if (!symbol || !sampleTimeframes.includes(timeframe)) {
    const known = sampleSymbols.flatMap((each) => sampleTimeframes.map((width) => `${each}-${width}`)).join(', ')
    throw new BullpenError('UNKNOWN_NAME', { kind: 'sample', name: rest, known })
  }
  return { kind: 'sample', symbol, widthMs: parseTimeframe(timeframe) }
}

function fileSource(path: string): CandleSource {
  const [, format, gz] = /\.(json|csv|parquet)(\.gz)?$/i.exec(path) ?? []
  if (!format) throw invalid(path, 'its name ends in none of .json, .csv, .parquet (or these with .gz)')
  return { kind: 'file', path, format: format.toLowerCase() as FileFormat, gzip: gz !== undefined }
}

function invalid(source: string, reason: string): BullpenError {
  return new BullpenError('CANDLES_SOURCE_INVALID', { source, reason })
}
