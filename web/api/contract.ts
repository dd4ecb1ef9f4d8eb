// Shapes of the service's answers until the generated client is there.

export type Verdict = 'buy' | 'hold' | 'sell'

export interface Probabilities {
  readonly sell: number
  readonly hold: number
  readonly buy: number
}

export interface VerdictAnswer {
  readonly symbol: string
  readonly timeframe: string
  readonly verdict: Verdict
  readonly probabilities: Probabilities
  readonly candle: { readonly openTime: string; readonly closeTime: string; readonly close: number }
  readonly model: { readonly version: number; readonly sha256: string }
  readonly dataAgeMs: number
  readonly stale: boolean
  readonly computedAt: string
  readonly requestId: string
}

export type LoggedVerdict = Omit<VerdictAnswer, 'dataAgeMs' | 'stale' | 'requestId'> & { readonly id: number }

export interface Contribution extends Probabilities {
  readonly column: string
  readonly value: number | null
}

export interface ExplainedVerdict extends VerdictAnswer {
  readonly baseline: Probabilities
  readonly contributions: readonly Contribution[]
  readonly rest: Probabilities
  readonly words: readonly string[]
  readonly flip: { readonly close: number; readonly verdict: Verdict; readonly changePct: number } | null
}

export interface Candle {
  readonly openTime: string
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

export interface Series {
  readonly symbol: string
  readonly timeframe: string
  readonly rows: number
  readonly newestOpenTime: string | null
  readonly stale: boolean
  readonly version: number | null
}

export interface ScoreCard {
  readonly rows: number
  readonly rocAucOvrWeighted: number
  readonly f1Weighted: number
  readonly logLoss: number
  readonly naiveRocAucOvrWeighted: number
  readonly lift: number
}

export interface Model {
  readonly version: number
  readonly createdAt: string
  readonly symbol: string
  readonly timeframe: string
  readonly sha256: string
  readonly metrics: { readonly heldOut: ScoreCard; readonly crossValidation: ScoreCard }
  readonly aliases: readonly string[]
  readonly runId: string
}

export interface AliasMove {
  readonly alias: string
  readonly version: number | null
  readonly kind: 'move' | 'rollback'
  readonly at: string
  readonly reason: string
}

export interface Models {
  readonly items: readonly Model[]
  readonly champion: number | null
  readonly history: readonly AliasMove[]
}

export interface Run {
  readonly id: string
  readonly state:
    'created' | 'features' | 'selection' | 'search' | 'fit' | 'register' | 'done' | 'failed' | 'interrupted'
  readonly createdAt: string
  readonly updatedAt: string
  readonly error: { readonly code: string; readonly message: string } | null
}

export interface Trial {
  readonly number: number
  readonly state: 'complete' | 'pruned' | 'failed'
  readonly parameters: Readonly<Record<string, number | string>>
  readonly score: number | null
  readonly durationMs: number
}

export interface RunDetail extends Run {
  readonly spec: Readonly<Record<string, unknown>>
  readonly summary: Readonly<Record<string, unknown>> | null
  readonly trials: readonly Trial[]
}

export interface Agent {
  readonly id: string
  readonly route: string
  readonly state: 'running' | 'draining' | 'left' | 'lost'
  readonly engine: string
  readonly threads: number
  readonly busy: number
  readonly done: number
  readonly failed: number
  readonly joinedAt: string
  readonly heartbeatAt: string
}

export interface Host {
  readonly host: string
  readonly cores: number
  readonly threads: number
  readonly busy: number
  readonly agents: readonly Agent[]
}

export interface Cluster {
  readonly hosts: readonly Host[]
  readonly threads: number
  readonly busy: number
}

export interface EquityPoint {
  readonly time: string
  readonly strategy: number
  readonly buyAndHold: number
}

export interface Equity {
  readonly points: readonly EquityPoint[]
  readonly feesBps: number
}
