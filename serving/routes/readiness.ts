import { formatTime } from '#core/candles'
import type { ServiceParts } from '../app/service-parts.ts'
import type { ServiceSettings } from '../app/service-settings.ts'
import type { ServiceState } from '../app/service-state.ts'
import { freshnessOf } from '../verdicts/staleness-watch.ts'
import { seriesName } from './series-of.ts'
import { seriesStates } from './series-states.ts'

/** Whether requests may be sent here, or why not. */
export type Readiness = { readonly models: readonly number[]; readonly dataAgeMs: number } | { readonly reason: string }

/**
 * Ready when a verified model answers for at least one series whose data is fresh enough: one dead exchange does not
 * take the other series away. Each verdict says itself whether its data is stale.
 */
export function readinessOf(
  parts: Pick<ServiceParts, 'book' | 'champions' | 'now'>,
  { requireFresh }: Pick<ServiceSettings, 'requireFresh'>,
  state: ServiceState,
): Readiness {
  if (state.isDraining) return { reason: 'it is shutting down' }
  if (!state.isStarted) return { reason: 'it is starting' }
  const states = seriesStates(parts)
  const unknown = parts.champions.unknown()
  if (states.length === 0) return { reason: unknown?.message ?? 'no model is promoted, so no series is served' }
  const answered = states.filter(({ model }) => model !== null)
  if (answered.length === 0)
    return unknown
      ? { reason: unknown.message }
      : { reason: `no verified model answers for ${states.map(({ key }) => seriesName(key)).join(', ')}` }
  const filled = answered.filter(({ newestOpenTime }) => newestOpenTime !== null)
  if (filled.length === 0) {
    return { reason: answered.find(({ away }) => away)?.away?.message ?? 'there are no candles yet' }
  }
  const newest = filled.reduce((a, b) => (ageOf(a) <= ageOf(b) ? a : b))
  if (requireFresh && newest.stale) {
    return { reason: `the newest candle of ${seriesName(newest.key)} opened at ${formatTime(newest.newestOpenTime!)}` }
  }
  return { models: answered.map(({ model }) => model!.version), dataAgeMs: ageOf(newest) }

  function ageOf({ key, newestOpenTime }: (typeof states)[number]): number {
    return freshnessOf(newestOpenTime!, key.widthMs, parts.now()).dataAgeMs
  }
}
