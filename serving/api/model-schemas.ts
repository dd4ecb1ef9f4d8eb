import { Type } from '@sinclair/typebox'
import { orNull, time, symbol, timeframe, sha256, refTo } from './shape-pieces.ts'

export const ScoreCard = Type.Object(
  {
    rows: Type.Integer(),
    rocAucOvrWeighted: Type.Number(),
    f1Weighted: Type.Number(),
    logLoss: Type.Number(),
    naiveRocAucOvrWeighted: Type.Number({ description: 'Reachable with no skill, on the same rows.' }),
    lift: Type.Number(),
  },
  { $id: 'ScoreCard' },
)
const modelFields = {
  version: Type.Integer(),
  createdAt: time('When it was registered.'),
  symbol: symbol(),
  timeframe: timeframe(),
  sha256: sha256('the model file'),
  metrics: Type.Object({ heldOut: refTo(ScoreCard), crossValidation: refTo(ScoreCard) }),
  aliases: Type.Array(Type.String()),
  runId: Type.String(),
}
export const Model = Type.Object(modelFields, { $id: 'Model' })
export const ModelDetail = Type.Object(
  {
    ...modelFields,
    manifest: Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true }),
  },
  { $id: 'ModelDetail' },
)
export const AliasMove = Type.Object(
  {
    alias: Type.String(),
    version: orNull(Type.Integer()),
    kind: Type.Union([Type.Literal('move'), Type.Literal('rollback')]),
    at: time('When.'),
    reason: Type.String(),
  },
  { $id: 'AliasMove' },
)
export const ModelList = Type.Object(
  {
    items: Type.Array(refTo(Model), { description: 'Newest first.' }),
    champion: orNull(Type.Integer({ description: 'Version the champion alias points at.' })),
    history: Type.Array(refTo(AliasMove), { description: 'Moves of the champion alias, oldest first.' }),
  },
  { $id: 'ModelList' },
)
