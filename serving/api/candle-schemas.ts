import { Type } from '@sinclair/typebox'
import { count, orNull, time, symbol, timeframe, refTo } from './shape-pieces.ts'

export const CandleRow = Type.Object(
  {
    openTime: time('When it opened.'),
    open: Type.Number(),
    high: Type.Number(),
    low: Type.Number(),
    close: Type.Number(),
    volume: Type.Number(),
  },
  { $id: 'CandleRow', description: 'A closed candle.' },
)
export const CandleRows = Type.Object(
  { items: Type.Array(refTo(CandleRow), { description: 'Oldest first.' }) },
  { $id: 'CandleRows' },
)
export const CandleReceipt = Type.Object(
  {
    appended: count('New at the end.'),
    repeated: count('Known already with the same values.'),
    revised: count('Known with other values, or older than the end and missing until now.'),
    newestOpenTime: time('Of the newest candle now.'),
  },
  { $id: 'CandleReceipt' },
)

export const Series = Type.Object(
  {
    symbol: symbol(),
    timeframe: timeframe(),
    rows: count('Rows since the last start, counted to one more than the warm-up.'),
    newestOpenTime: orNull(time('Of the newest candle; null before the first.')),
    stale: Type.Boolean(),
    version: orNull(Type.Integer({ description: 'Model that answers; null when none does.' })),
  },
  { $id: 'Series' },
)
export const SeriesList = Type.Object({ items: Type.Array(refTo(Series)) }, { $id: 'SeriesList' })
