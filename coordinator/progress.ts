/** Stages as a person sees them, in order. */
export type StageName =
  | 'candles'
  | 'features'
  | 'outer'
  | 'selection'
  | 'search'
  | 'calibrate'
  | 'fit'
  | 'score'
  | 'certify'
  | 'register'
  | 'report'

/** What the run tells whoever watches it. The live display, plain lines and (later) event streams all read this. */
export type ProgressEvent =
  | { readonly kind: 'run'; readonly runId: string; readonly resumed: boolean }
  /** A choice bullpen made for the user (engine, embedded database, a split of rows): one line, never silent. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'stage-start'; readonly stage: StageName; readonly tasks?: number }
  | { readonly kind: 'stage-progress'; readonly stage: StageName; readonly done: number; readonly tasks: number }
  | { readonly kind: 'stage-end'; readonly stage: StageName; readonly ms: number; readonly text: string }
  | {
      readonly kind: 'trial'
      readonly number: number
      readonly trials: number
      readonly state: 'complete' | 'pruned' | 'failed'
      readonly score: number | null
      readonly best: { readonly number: number; readonly score: number; readonly naive?: number | null } | null
      /** True when a resumed run found this result instead of computing it; such trials say nothing about speed. */
      readonly reused?: boolean
    }

export type ProgressListener = (event: ProgressEvent) => void
