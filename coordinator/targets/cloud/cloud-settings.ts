import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'
import type { ClusterRequest, Rental } from '#core/protocol'

const State = Type.Union([
  Type.Object({ kind: Type.Literal('local') }),
  Type.Object({ kind: Type.Literal('pg'), schema: Type.String() }),
  Type.Object({
    kind: Type.Literal('s3'),
    bucket: Type.String(),
    region: Type.String(),
    prefix: Type.String(),
    endpoint: Type.Optional(Type.String()),
  }),
])

/** What every cloud's settings have; the stack checks the rest. */
const Settings = Type.Object({
  base: Type.Object({
    name: Type.String({ pattern: '^[a-z][a-z0-9-]{1,20}$' }),
    region: Type.Optional(Type.String()),
    scheduleGroup: Type.Optional(Type.String()),
    folder: Type.Optional(Type.String()),
  }),
  state: State,
})

/** Settings of a cloud: the inputs of its cluster stack but for those that a request brings. */
export type CloudSettings = Static<typeof Settings>

/** Settings in `<home>/targets/<cloud>.json`. Throws USAGE when there is none, or it is not whole. */
export function readCloudSettings(home: string, cloud: string): CloudSettings {
  const file = join(home, 'targets', `${cloud}.json`)
  const usage = (reason: string, cause?: unknown) =>
    new BullpenError('USAGE', { reason: `${file}: ${reason}` }, { cause })
  let settings: unknown
  try {
    settings = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw usage('cannot be read as JSON; docs/operations.md tells what belongs there', error)
  }
  if (Value.Check(Settings, settings)) return settings
  const wrong = Value.Errors(Settings, settings).First()
  throw usage(`${wrong?.path.slice(1) ?? ''}: ${wrong?.message ?? ''}`)
}

/** Inputs of a cluster stack: the settings and what the request says. */
export function inputsOf(
  settings: CloudSettings,
  request: ClusterRequest,
  rentals: readonly Rental[],
): Record<string, unknown> {
  const { cluster, workers, threads, endsAt, idleExitSeconds, maxLifetimeSeconds, maxPricePerHour } = request
  const rental = (name: string) => rentals.find((booked) => booked.name === name)?.id
  const runs = new Set(rentals.flatMap(({ runId }) => runId ?? []))
  return {
    ...settings,
    ...{ cluster, workers, threads, idleExitSeconds, maxLifetimeSeconds, maxPricePerHour },
    ...(runs.size === 1 ? { run: [...runs][0] } : {}),
    ...(rental('redis') === undefined ? {} : { redisRental: rental('redis') }),
    ...(rental('workers') === undefined ? {} : { workersRental: rental('workers') }),
    endsAt: secondOf(endsAt),
  }
}

/** A time as clouds write it, to the second. */
export function secondOf(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
