import type { ErrorEntry } from './entry.ts'

const mend = 'Mend or remove the row in the source; bullpen never fills or repairs candles by itself.'
const defect = { advice: mend, retryable: false, http: 422, exit: 1 } as const

export const candleCodes = {
  CANDLES_NOT_FOUND: {
    message: 'no candles at {source}',
    advice: 'Check the path, or see bullpen candles --help for the source grammar.',
    retryable: false,
    http: 404,
    exit: 2,
  },
  CANDLES_SOURCE_INVALID: {
    message: '{source} is not a candle source: {reason}',
    advice: 'Give a .json, .csv or .parquet file (each also .gz), sample:, exchange: or store:; see candles --help.',
    retryable: false,
    http: 400,
    exit: 2,
  },
  TIMEFRAME_INVALID: {
    message: '{text} is not a bar width',
    advice: 'Write a number and s, m, h, d or w, for example 15m, 4h or 1d.',
    retryable: false,
    http: 400,
    exit: 2,
  },
  SAMPLE_UNAVAILABLE: {
    message: '{source} cannot be read: {reason}',
    advice: 'The samples come with the development dependency trading-candles: run npm ci without --omit=dev.',
    retryable: false,
    http: 404,
    exit: 1,
  },
  EXCHANGE_REFUSED: {
    message: '{exchange} refused: {reason}',
    advice: 'Check the symbol and the width; symbols are written as ccxt does, for example BTC/USDT.',
    retryable: false,
    http: 502,
    exit: 1,
  },
  EXCHANGE_UNREACHABLE: {
    message: '{exchange} could not be reached: {reason}',
    advice: 'Run the same command again later: it goes on from the bars kept.',
    retryable: true,
    http: 502,
    exit: 1,
  },
  PULL_INTERRUPTED: {
    message: 'the pull of {source} was stopped after {rows} bars',
    advice: 'Run the same command again: it goes on from the bars kept.',
    retryable: true,
    http: 503,
    exit: 130,
  },
  CANDLES_EMPTY: { ...defect, message: '{source} holds no candles', advice: 'Check that the right source was given.' },
  CANDLES_FILE_CORRUPT: {
    ...defect,
    message: '{source}, row {row}: the file is damaged or truncated: {reason}',
    advice: 'Fetch or write the file again.',
  },
  CANDLES_COLUMN_MISSING: {
    ...defect,
    message: '{source}, row {row}: there is no column for {column}; found {value}',
    advice: 'Name the columns TimeKey (or time, date, timestamp, openTime), Open, High, Low, Close and Volume.',
  },
  CANDLE_NOT_NUMBER: { ...defect, message: '{source}, row {row}: {column} is {value}, which is not a number' },
  CANDLE_TIME: {
    ...defect,
    message: '{source}, row {row}: {value} is not a time',
    advice: 'Times are ISO 8601 (UTC unless a zone is given), or epoch seconds or milliseconds, one kind per file.',
  },
  CANDLE_NOT_FINITE: { ...defect, message: '{source}, row {row}: {column} is {value}, which is not a finite number' },
  CANDLE_PRICE: { ...defect, message: '{source}, row {row}: {column} is {value}, but a price is above 0' },
  CANDLE_VOLUME: { ...defect, message: '{source}, row {row}: the volume is {value}, which is negative' },
  CANDLE_HIGH: { ...defect, message: '{source}, row {row}: high is {value}, below the open or close of {bound}' },
  CANDLE_LOW: { ...defect, message: '{source}, row {row}: low is {value}, above the open or close of {bound}' },
  CANDLES_CONTRADICT: {
    ...defect,
    message:
      '{source}, row {row}: {column} of the bar at {time} is {value}, but row {otherRow} has the same bar with {otherValue}',
  },
  CANDLES_WIDTH_UNKNOWN: {
    ...defect,
    message: '{source} holds one candle, which does not tell how wide a bar is',
    advice: 'Give a longer history.',
  },
  CANDLES_MIXED_WIDTHS: {
    ...defect,
    message: '{source}, row {row}: the bar at {value} ends a run of {other} bars in a series of {width} bars',
    advice: 'Keep each width in a source of its own.',
  },
  CANDLES_OFF_GRID: {
    ...defect,
    message: '{source}, row {row}: the bar at {value} does not stand on the {width} grid of the others',
  },
  CANDLES_GAPS: {
    ...defect,
    message:
      '{source} has {count} gap(s), {total} bars missing; the first misses {missing} between {after} and {before}',
    advice: 'Fetch the missing bars, or allow gaps with --gaps keep or --gaps split.',
  },
  CANDLES_RESAMPLE: {
    ...defect,
    message: 'bars of {from} cannot be resampled to {to}: {reason}',
    advice: 'Ask for a multiple of the width the source has.',
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>
