import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'
import type { ClusterOutputs } from '#core/protocol'

const schema = Type.Object({
  redis_url: Type.String({ pattern: '^rediss?://[^@]+$' }),
  redis_password_file: Type.Union([Type.String(), Type.Null()]),
  workers: Type.Array(Type.Object({ name: Type.String(), place: Type.String() })),
})

/** The outputs of a stack of processes as programs read them. Throws TARGET_FAILED when the stack gives others. */
export function readClusterOutputs(
  of: Pick<ClusterOutputs, 'cluster' | 'target'>,
  outputs: Readonly<Record<string, unknown>>,
): ClusterOutputs {
  if (!Value.Check(schema, outputs)) {
    const reason = Value.Errors(schema, outputs).First()?.path ?? 'none'
    throw new BullpenError('TARGET_FAILED', { target: of.target, what: 'reading the outputs', reason })
  }
  const { redis_url: redisUrl, redis_password_file: redisPasswordFile, workers } = outputs
  return { ...of, redisUrl, redisPasswordFile, workers }
}
