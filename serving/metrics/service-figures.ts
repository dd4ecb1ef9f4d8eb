/** One served series at the moment of a scrape. */
export interface SeriesFigures {
  /** e.g. `BTC/USDT 4h`. */
  readonly name: string
  /** Null while no model answers. */
  readonly version: number | null
  readonly modelAgeMs: number | null
  /** Null while there is no candle. */
  readonly dataAgeMs: number | null
  readonly stale: boolean
}

/** What a scrape asks the service for. */
export interface ServiceFigures {
  readonly series: readonly SeriesFigures[]
  readonly listeners: number
  readonly isReady: boolean
}
