import type { ErrorEntry } from './entry.ts'

export const seriesCodes = {
  SERIES_NOT_SERVED: {
    message: '{symbol} {timeframe} is not served here; served are {known}',
    advice: 'Ask for a series that GET /v1/series lists, or promote a model for this one.',
    retryable: false,
    http: 404,
    exit: 2,
  },
  CANDLES_UNAVAILABLE: {
    message: 'candles of {symbol} {timeframe} cannot be read now ({cause})',
    advice: 'Ask again: the store is tried again until it answers. The log of the service says what is away.',
    retryable: true,
    http: 503,
    exit: 1,
  },
  NO_CANDLES: {
    message: 'there are no candles of {symbol} {timeframe} yet',
    advice: 'Send some with POST /v1/candles, or import a history with bullpen candles import.',
    retryable: true,
    http: 503,
    exit: 1,
  },
  SERIES_BUSY: {
    message: '{waiting} writes to {symbol} {timeframe} are waiting already',
    advice: 'Send several candles in one call, and send the next call when the last one is answered.',
    retryable: true,
    http: 503,
    exit: 1,
  },
  CANDLES_TOO_MANY: {
    message: '{rows} candles are more than the {limit} that one call may have',
    advice: 'Send them in several calls, oldest first.',
    retryable: false,
    http: 413,
    exit: 1,
  },
  CANDLE_NOT_CLOSED: {
    message: '{source}, row {row}: the bar at {time} closes at {closes}, and it is {now}',
    advice: 'Send a candle when it has closed; look at the clocks if it has.',
    retryable: true,
    http: 422,
    exit: 1,
  },
  CANDLE_IN_FUTURE: {
    message: '{source}, row {row}: the bar opens at {time}, and it is {now}',
    advice: 'Times are the open of the bar in UTC; look at the clocks and at the unit of the times.',
    retryable: false,
    http: 422,
    exit: 1,
  },
  VERDICT_FAILED: {
    message: 'model version {version} gave no verdict: {reason}',
    advice: 'Ask again: a model that fails is rolled back. bullpen models history shows what happened.',
    retryable: true,
    http: 503,
    exit: 1,
  },
} as const satisfies Record<string, ErrorEntry>
