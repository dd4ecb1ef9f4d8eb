import { Type } from '@sinclair/typebox'
import type { Calibration } from '#core/model'

const Count = Type.Integer({ minimum: 0 })
const Fraction = Type.Number({ minimum: 0, maximum: 1 })
const Numbers = Type.Array(Fraction, { minItems: 1, maxItems: 100_000 })

/** Three maps, one a class. */
const perClass = { minItems: 3, maxItems: 3 }

export const CalibrationSchema = Type.Union([
  Type.Object({ kind: Type.Literal('none') }),
  Type.Object({
    kind: Type.Literal('isotonic'),
    classes: Type.Array(Type.Object({ x: Numbers, y: Numbers }), perClass),
  }),
  Type.Object({
    kind: Type.Literal('platt'),
    classes: Type.Array(Type.Object({ slope: Type.Number({ minimum: 0 }), intercept: Type.Number() }), perClass),
  }),
])

export const PolicySchema = Type.Union([
  Type.Object({ kind: Type.Literal('argmax') }),
  Type.Object({ kind: Type.Literal('thresholds'), buy: Fraction, sell: Fraction }),
  Type.Object({
    kind: Type.Literal('conformal'),
    coverage: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
    nonconformity: Fraction,
    buy: Fraction,
    sell: Fraction,
  }),
])

const Reliability = Type.Object({
  rows: Count,
  brier: Type.Number({ minimum: 0, maximum: 2 }),
  ece: Fraction,
  logLoss: Type.Number({ minimum: 0 }),
})
const Acted = Type.Object({ rows: Count, meanReturn: Type.Number() })
const Coverage = Type.Object({
  rows: Count,
  coverage: Fraction,
  single: Fraction,
  empty: Fraction,
  size: Type.Number({ minimum: 0, maximum: 3 }),
})
const Measures = Type.Object({
  before: Reliability,
  after: Reliability,
  buy: Acted,
  sell: Acted,
  coverage: Type.Optional(Coverage),
})

export const CalibrationRecordSchema = Type.Object({
  kind: Type.Union([Type.Literal('none'), Type.Literal('isotonic'), Type.Literal('platt')]),
  policy: Type.Union([Type.Literal('argmax'), Type.Literal('expected-value'), Type.Literal('conformal')]),
  bars: Type.Integer({ minimum: 1 }),
  feeBps: Type.Number({ minimum: 0 }),
  outOfFold: Measures,
  heldOut: Measures,
})

/** What a schema cannot say of the curves: where they break the rules of `CalibrationCurve`, or undefined. */
export function calibrationProblem(calibration: Calibration | undefined): { path: string; reason: string } | undefined {
  if (calibration?.kind !== 'isotonic') return undefined
  for (const [c, { x, y }] of calibration.classes.entries()) {
    const path = `/contract/calibration/classes/${c}`
    if (x.length !== y.length) return { path, reason: `${x.length} knots but ${y.length} values` }
    for (let i = 0; i < x.length; i++) {
      if (y[i] === 0) return { path: `${path}/y/${i}`, reason: 'a class that is ruled out leaves nothing to divide by' }
      if (i === 0) continue
      if (x[i]! <= x[i - 1]!) return { path: `${path}/x/${i}`, reason: 'knots do not ascend' }
      if (y[i]! < y[i - 1]!) return { path: `${path}/y/${i}`, reason: 'the curve falls' }
    }
  }
  return undefined
}
