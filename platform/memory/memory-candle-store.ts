import { requireRisingTimes, type Candle, type CandleImport, type CandleStore, type StoredSeries } from '#core/candles'

interface Revision {
  readonly candle: Candle
  readonly firstSeen: number
}

interface Series {
  readonly symbol: string
  readonly widthMs: number
  lastSeen: number
  /** Per open time, oldest first. */
  readonly bars: Map<number, Revision[]>
}

/** Candles that live as long as the object. */
export class MemoryCandleStore implements CandleStore {
  readonly #series = new Map<string, Series>()

  import(symbol: string, widthMs: number, candles: readonly Candle[], seenAt: number): Promise<CandleImport> {
    // Within one turn of the event loop, so that no two imports interleave.
    return new Promise((resolve) => {
      requireRisingTimes(candles)
      const series = this.#find(symbol, widthMs)
      series.lastSeen = Math.max(series.lastSeen, seenAt)
      const counts = { inserted: 0, unchanged: 0, revised: 0 }
      for (const candle of candles) counts[put(series, candle)]++
      resolve(counts)
    })
  }

  read(
    symbol: string,
    widthMs: number,
    { from = -Infinity, to = Infinity, asOf = Infinity }: { from?: number; to?: number; asOf?: number } = {},
  ): Promise<Candle[]> {
    const known = [...this.#find(symbol, widthMs).bars.values()]
      .map((revisions) => revisions.findLast(({ firstSeen }) => firstSeen <= asOf)?.candle)
      .filter((candle) => candle !== undefined)
      .filter(({ openTime }) => openTime >= from && openTime <= to)
    return Promise.resolve(known.sort((a, b) => a.openTime - b.openTime))
  }

  list(): Promise<StoredSeries[]> {
    const filled = [...this.#series.values()].filter(({ bars }) => bars.size > 0)
    const order = (a: Series, b: Series) =>
      a.symbol === b.symbol ? a.widthMs - b.widthMs : a.symbol < b.symbol ? -1 : 1
    return Promise.resolve(filled.sort(order).map(describe))
  }

  #find(symbol: string, widthMs: number): Series {
    const key = `${widthMs} ${symbol}`
    const found = this.#series.get(key) ?? { symbol, widthMs, lastSeen: -Infinity, bars: new Map<number, Revision[]>() }
    this.#series.set(key, found)
    return found
  }
}

function put(series: Series, candle: Candle): keyof CandleImport {
  const { openTime, open, high, low, close, volume } = candle
  const revision = { candle: { openTime, open, high, low, close, volume }, firstSeen: series.lastSeen }
  const revisions = series.bars.get(openTime)
  if (revisions === undefined) {
    series.bars.set(openTime, [revision])
    return 'inserted'
  }
  if (sameValues(revisions.at(-1)!.candle, candle)) return 'unchanged'
  revisions.push(revision)
  return 'revised'
}

function sameValues(a: Candle, b: Candle): boolean {
  return a.open === b.open && a.high === b.high && a.low === b.low && a.close === b.close && a.volume === b.volume
}

function describe({ symbol, widthMs, bars }: Series): StoredSeries {
  const times = [...bars.keys()].sort((a, b) => a - b)
  let revisions = 0
  for (const versions of bars.values()) revisions += versions.length - 1
  return { symbol, widthMs, rows: times.length, firstOpenTime: times[0]!, lastOpenTime: times.at(-1)!, revisions }
}
