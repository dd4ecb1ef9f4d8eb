import type { ErrorEntry } from './entry.ts'

export const candleCodes = {
  CANDLES_NOT_FOUND: {
    message: 'no candles at {source}',
    advice: 'Check the path, or see bullpen candles --help for the source grammar.',
    retryable: false,
    http: 404,
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>
