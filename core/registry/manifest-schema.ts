import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'
import { calibrationProblem, CalibrationRecordSchema, CalibrationSchema, PolicySchema } from './calibration-schema.ts'
import { CertificateSchema } from './certificate.ts'
import type { ModelManifest } from './model-registry.ts'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Count = Type.Integer({ minimum: 0 })
const Fraction = Type.Number({ minimum: 0, maximum: 1 })
const Text = Type.String({ minLength: 1 })
const Settings = Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]))
const Specification = Type.Record(Type.String(), Type.Unknown())

const ScoreCard = Type.Object({
  rows: Count,
  rocAucOvrWeighted: Fraction,
  f1Weighted: Fraction,
  logLoss: Type.Number({ minimum: 0 }),
  naiveRocAucOvrWeighted: Fraction,
  lift: Type.Number({ minimum: -1, maximum: 1 }),
})

const OutOfSample = Type.Object({
  predictions: Sha256,
  window: Text,
  score: ScoreCard,
  steps: Type.Array(
    Type.Object({
      step: Count,
      trainRows: Count,
      firstOpenTime: Type.Integer(),
      lastOpenTime: Type.Integer(),
      score: ScoreCard,
    }),
    { minItems: 1 },
  ),
})

const Manifest = Type.Object({
  model: Type.Object({ sha256: Sha256, bytes: Count, format: Type.Literal('xgboost-json') }),
  contract: Type.Object({
    featureSet: Text,
    featureSetHash: Sha256,
    columns: Type.Array(Text, { minItems: 1, uniqueItems: true }),
    policy: PolicySchema,
    calibration: Type.Optional(CalibrationSchema),
  }),
  label: Type.Object({ name: Text, parameters: Settings }),
  data: Type.Object({
    sha256: Sha256,
    source: Text,
    symbol: Text,
    widthMs: Type.Integer({ minimum: 1 }),
    rows: Count,
    firstOpenTime: Type.Integer(),
    lastOpenTime: Type.Integer(),
    gaps: Count,
  }),
  splits: Specification,
  search: Specification,
  seed: Type.Integer(),
  parameters: Settings,
  crossValidation: ScoreCard,
  heldOut: ScoreCard,
  outOfSample: Type.Optional(OutOfSample),
  calibration: Type.Optional(CalibrationRecordSchema),
  driftReference: Type.Optional(Type.Object({ sha256: Sha256, bytes: Count })),
  certificate: Type.Optional(CertificateSchema),
  engine: Type.Object({ name: Text, version: Text }),
  versions: Type.Object({ bullpen: Text, node: Text }),
  gitCommit: Type.Union([Type.Null(), Type.String({ pattern: '^[0-9a-f]{7,64}$' })]),
  runId: Text,
  notes: Type.Array(Type.String()),
})

/**
 * Checks what is about to be registered, or was read back, as a whole manifest.
 *
 * @throws MANIFEST_INVALID with the path of the first member that does not fit.
 */
export function checkManifest(candidate: unknown): ModelManifest {
  if (Value.Check(Manifest, candidate)) {
    const problem = calibrationProblem(candidate.contract.calibration)
    if (problem) throw new BullpenError('MANIFEST_INVALID', problem)
    return candidate satisfies Static<typeof Manifest>
  }
  const first = Value.Errors(Manifest, candidate).First()
  throw new BullpenError('MANIFEST_INVALID', { path: first?.path || '/', reason: first?.message ?? 'unknown' })
}
