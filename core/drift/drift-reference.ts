import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'

const Positive = Type.Integer({ minimum: 1 })
const NotNegative = Type.Number({ minimum: 0 })
const Mean = Type.Object({ rows: Positive, mean: Type.Number(), longRunVariance: NotNegative })
const Limit = Type.Object({ limit: NotNegative, rate: Type.Number({ minimum: 0, maximum: 1 }) })
const Column = Type.Object({
  name: Type.String({ minLength: 1 }),
  edges: Type.Array(Type.Number(), { maxItems: 1000 }),
  counts: Type.Array(NotNegative, { minItems: 2, maxItems: 1002 }),
  /** Mean of the statistic over windows of the training rows: how much the column moves anyway. */
  usualPsi: NotNegative,
  usualKs: NotNegative,
})

const Reference = Type.Object({
  format: Type.Literal(1),
  featureSetHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Rows of a window, then and now. */
  window: Positive,
  columns: Type.Array(Column, { minItems: 1 }),
  /** Of the largest ratio of any column's statistic to its usual one. */
  psi: Limit,
  ks: Limit,
  outcome: Type.Object({ bars: Positive, feeBps: NotNegative, low: Type.Number(), high: Type.Number() }),
  /** Shares of the verdicts sell, hold, buy on the held-out tail. */
  said: Type.Array(Mean, { minItems: 3, maxItems: 3 }),
  brier: Mean,
  realised: Mean,
})

/**
 * What the training window looked like and what the model was like on rows it had never seen: all that watching needs
 * to know of training. Stored as an object, named by the manifest.
 */
export type DriftReference = Static<typeof Reference>
export type ReferenceColumn = Static<typeof Column>

/** The reference as bytes: the same bytes for the same reference. */
export function encodeDriftReference(reference: DriftReference): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(reference))
}

/** Throws DATA_SET_INVALID for bytes that are no whole reference. */
export function decodeDriftReference(bytes: Uint8Array): DriftReference {
  const value = parsed(bytes)
  if (Value.Check(Reference, value)) {
    const crooked = value.columns.find(({ edges, counts }) => counts.length !== edges.length + 2)
    if (crooked === undefined) return value
    throw invalid(`column ${crooked.name} has ${crooked.edges.length} edges and ${crooked.counts.length} counts`)
  }
  const first = Value.Errors(Reference, value).First()
  throw invalid(`${first?.path || '/'}: ${first?.message ?? 'unknown'}`)
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw invalid('it is not JSON')
  }
}

function invalid(reason: string): BullpenError {
  return new BullpenError('DATA_SET_INVALID', { reason: `the drift reference: ${reason}` })
}
