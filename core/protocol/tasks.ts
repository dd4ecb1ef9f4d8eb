import { Type, type Static, type TSchema } from '@sinclair/typebox'

/** Raised whenever a payload or result changes shape; a worker refuses tasks of another version. */
export const protocolVersion = 2

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const RowRange = Type.Object({ start: Type.Integer({ minimum: 0 }), end: Type.Integer({ minimum: 0 }) })
const RowRanges = Type.Array(RowRange, { minItems: 1 })
const ColumnIndexes = Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1 })
const Engine = Type.Object({ name: Type.Union([Type.Literal('native'), Type.Literal('wasm')]), version: Type.String() })
/** What a model is asked: the three verdicts, or buy / sell against the rest (feature selection). */
const Question = Type.Union([Type.Literal('verdict'), Type.Literal('up'), Type.Literal('down')])

/** The name an operator gives to a module of own tasks. */
export const ownModuleName = '^[a-z0-9][a-z0-9._-]{0,63}$'

const Parameters = Type.Object({
  objective: Type.Union([Type.Literal('binary:logistic'), Type.Literal('multi:softprob')]),
  classes: Type.Integer({ minimum: 2 }),
  rounds: Type.Integer({ minimum: 1 }),
  learningRate: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  maxDepth: Type.Integer({ minimum: 1 }),
  minChildWeight: Type.Number({ minimum: 0 }),
  subsample: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  colsampleByTree: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  gamma: Type.Number({ minimum: 0 }),
  lambda: Type.Number({ minimum: 0 }),
  alpha: Type.Number({ minimum: 0 }),
  maxBin: Type.Integer({ minimum: 2 }),
  seed: Type.Integer({ minimum: 0 }),
})

const Metrics = Type.Object({
  rocAucOvrWeighted: Type.Number(),
  f1Weighted: Type.Number(),
  logLoss: Type.Number(),
  naiveRocAucOvrWeighted: Type.Number(),
})

const EarlyStopping = Type.Object({
  evaluationRows: RowRanges,
  patience: Type.Integer({ minimum: 1 }),
})

/**
 * Every task that crosses a queue or a thread: its payload and result. Row ranges are half-open positions in the
 * training table named by `table` (a column file in the object store).
 */
export const taskSchemas = {
  /** Candles -> training table (features, label, naive baseline), put into the object store. */
  features: {
    payload: Type.Object({
      candles: Sha256,
      featureSet: Type.String(),
      featureSetHash: Sha256,
      /** The features, shard by shard, where they are computed already. */
      shards: Type.Optional(Type.Array(Sha256, { minItems: 1 })),
      label: Type.Object({
        name: Type.String(),
        parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
      }),
    }),
    result: Type.Object({ table: Sha256, rows: Type.Integer(), columns: Type.Integer() }),
  },
  /** Features of a row range of one series, as a Parquet object that also holds the state after its last row. */
  'feature-shard': {
    payload: Type.Object({
      /** Column file of the candles of the warm-up and of the range. */
      candles: Sha256,
      /** Rows of warm-up at its start, which are not part of the shard. */
      warmup: Type.Integer({ minimum: 0 }),
      /** The shard whose final state is continued, and that state's hash; absent: a fresh state. */
      after: Type.Optional(Type.Object({ shard: Sha256, state: Sha256 })),
      featureSet: Type.String(),
      featureSetHash: Sha256,
    }),
    result: Type.Object({
      shard: Sha256,
      rows: Type.Integer({ minimum: 1 }),
      columns: Type.Integer({ minimum: 1 }),
      /** Hashes of the states before the first row of the range and after its last. */
      startState: Sha256,
      endState: Sha256,
    }),
  },
  /** One fit on some rows; the model JSON goes into the object store. */
  fit: {
    payload: Type.Object({
      table: Sha256,
      columns: ColumnIndexes,
      question: Question,
      trainRows: RowRanges,
      parameters: Parameters,
      earlyStopping: Type.Optional(EarlyStopping),
      engine: Engine,
    }),
    result: Type.Object({ model: Sha256, bytes: Type.Integer(), rounds: Type.Integer(), fitMs: Type.Number() }),
  },
  /** Permutation importance of columns[from..to) of a fitted model. */
  importance: {
    payload: Type.Object({
      table: Sha256,
      model: Sha256,
      question: Question,
      columns: ColumnIndexes,
      from: Type.Integer({ minimum: 0 }),
      to: Type.Integer({ minimum: 1 }),
      testRows: RowRanges,
      repeats: Type.Integer({ minimum: 1 }),
      seed: Type.Integer({ minimum: 0 }),
    }),
    result: Type.Object({ baseline: Type.Number(), importance: Type.Array(Type.Number()) }),
  },
  /** The cumulative noise curve down a ranking (baseline-training.md section 2, step 5). */
  'noise-curve': {
    payload: Type.Object({
      table: Sha256,
      model: Sha256,
      question: Question,
      columns: ColumnIndexes,
      /** Positions in `columns`, most important first. */
      order: ColumnIndexes,
      testRows: RowRanges,
      seed: Type.Integer({ minimum: 0 }),
    }),
    result: Type.Object({ curve: Type.Array(Type.Number()), positiveShare: Type.Number() }),
  },
  /** Fit on one fold's training rows and score on its test rows. */
  fold: {
    payload: Type.Object({
      table: Sha256,
      columns: ColumnIndexes,
      trainRows: RowRanges,
      testRows: RowRanges,
      parameters: Parameters,
      earlyStopping: Type.Optional(EarlyStopping),
      engine: Engine,
    }),
    result: Type.Object({ metrics: Metrics, rounds: Type.Integer(), fitMs: Type.Number() }),
  },
  /** A user's own task: `module` names an entry of the agent's closed list; `input` and `output` are any JSON. */
  own: {
    payload: Type.Object({
      module: Type.String({ pattern: ownModuleName }),
      input: Type.Unknown(),
      /** Objects handed to the task as shared memory, in order. */
      shared: Type.Array(Sha256, { maxItems: 64 }),
    }),
    result: Type.Object({ output: Type.Unknown() }),
  },
} as const satisfies Record<string, { payload: TSchema; result: TSchema }>

export type TaskName = keyof typeof taskSchemas

/** Whether `name` is one of the closed list of tasks. */
export function isTaskName(name: string): name is TaskName {
  return Object.hasOwn(taskSchemas, name)
}

export type TaskPayload<N extends TaskName> = Static<(typeof taskSchemas)[N]['payload']>
export type TaskResult<N extends TaskName> = Static<(typeof taskSchemas)[N]['result']>
export type RowRange = Static<typeof RowRange>
export type FoldMetrics = Static<typeof Metrics>
export type EngineRef = Static<typeof Engine>
