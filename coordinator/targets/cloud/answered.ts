import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'
import type { TargetName } from '#core/protocol'

/** An answer of a cloud as its type. Throws TARGET_UNREACHABLE for another: what is there is then not known. */
export function answered<S extends TSchema>(target: TargetName, place: string, schema: S, answer: unknown): Static<S> {
  if (Value.Check(schema, answer)) return answer
  const wrong = Value.Errors(schema, answer).First()
  const reason = `an answer of an unknown shape: ${wrong?.path ?? ''} ${wrong?.message ?? ''}`
  throw new BullpenError('TARGET_UNREACHABLE', { target, place, reason })
}
