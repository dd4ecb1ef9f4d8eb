import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'
import type { ClusterRequest, Rental } from '#core/protocol'

const wholeFrom = (minimum: number, maximum?: number) => Type.Integer({ minimum, ...(maximum && { maximum }) })

const schema = Type.Object({
  cluster: Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' }),
  workers: wholeFrom(1, 1000),
  threads: Type.Union([wholeFrom(1, 1024), Type.Null()]),
  endsAt: wholeFrom(0),
  idleExitSeconds: wholeFrom(1),
  maxLifetimeSeconds: wholeFrom(1),
  maxPricePerHour: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()]),
  price: Type.Union([
    Type.Object({ perHour: Type.Number({ minimum: 0 }), currency: Type.String({ pattern: '^[A-Z]{3}$' }) }),
    Type.Null(),
  ]),
})

/** Throws USAGE for a request that no target can meet. */
export function checkRequest(request: ClusterRequest): void {
  const wrong = Value.Errors(schema, request).First()
  if (wrong) throw usage(`${wrong.path.slice(1)}: ${wrong.message}`)
}

/** Throws USAGE for what cannot be a cluster's name: it becomes a folder. */
export function checkClusterName(cluster: string): void {
  if (!Value.Check(schema.properties.cluster, cluster)) {
    throw usage('a cluster is named by 1 to 31 small letters, digits and dashes, a letter first')
  }
}

/** The id under which each of these things was booked. Throws USAGE when one was not. */
export function rentalIds(names: readonly string[], rentals: readonly Rental[]): ReadonlyMap<string, string> {
  const booked = new Map(rentals.map(({ name, id }) => [name, id]))
  const missing = names.find((name) => !booked.has(name))
  if (missing !== undefined) throw usage(`${missing} was not booked`)
  return new Map(names.map((name) => [name, booked.get(name)!]))
}

/** `worker-1`, `worker-2`, ... */
export function workerNames(workers: number): string[] {
  return Array.from({ length: workers }, (_, i) => `worker-${i + 1}`)
}

function usage(reason: string): BullpenError {
  return new BullpenError('USAGE', { reason })
}
