export type { Candle, CandleSeries, Gap, GapPolicy, Segment } from './candle.ts'
export type { CandleImport, CandleStore, StoredSeries } from './candle-store.ts'
