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
  /** Drift has taken its model the right to say buy or sell. */
  readonly demoted: boolean
}

/** What a scrape asks the service for. */
export interface ServiceFigures {
  readonly series: readonly SeriesFigures[]
  readonly listeners: number
  readonly isReady: boolean
}
