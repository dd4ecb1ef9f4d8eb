import { candleFields, type CandleField } from '#core/candles'
import { BullpenError } from '#core/errors'

/** Names files use for each column, best first, compared without case and punctuation. */
const names: Record<CandleField, readonly string[]> = {
  openTime: ['timekey', 'opentime', 'opentimeinmillis', 'timestamp', 'unix', 'datetime', 'time', 'date', 'ts', 't'],
  open: ['open', 'openprice', 'o'],
  high: ['high', 'highprice', 'h'],
  low: ['low', 'lowprice', 'l'],
  close: ['close', 'closeprice', 'c'],
  volume: ['volume', 'vol', 'basevolume', 'volumebase', 'v'],
}

/** The place of each candle column in a header. Throws CANDLES_COLUMN_MISSING; `row` is that of the header. */
export function mapColumns(header: readonly string[], source: string, row: number): Record<CandleField, number> {
  const plain = header.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''))
  const place = (field: CandleField): number => {
    const found = names[field].map((name) => plain.indexOf(name)).find((index) => index >= 0)
    if (found !== undefined) return found
    const column = field === 'openTime' ? 'TimeKey' : field
    throw new BullpenError('CANDLES_COLUMN_MISSING', { source, row, column, value: header.join(', ').slice(0, 200) })
  }
  return Object.fromEntries(candleFields.map((field) => [field, place(field)])) as Record<CandleField, number>
}
