import type { ApiKeys, ModelRegistry, RunStore } from '#core/registry'
import type { ServiceEvents } from '../events/service-events.ts'
import type {
  Champions,
  Demotions,
  EquityDesk,
  Explainer,
  Hosts,
  PredictionLog,
  Reports,
  SeriesBook,
  VerdictDesk,
} from '../ports.ts'

/** What the routes answer from. */
export interface ServiceParts {
  readonly book: SeriesBook
  readonly champions: Champions
  readonly desk: VerdictDesk
  readonly demotions: Pick<Demotions, 'of'>
  readonly explainer: Explainer
  readonly equity: EquityDesk
  readonly log: PredictionLog
  readonly events: Pick<ServiceEvents, 'on' | 'follow' | 'after'>
  readonly registry: Pick<ModelRegistry, 'list' | 'get' | 'aliases' | 'history' | 'moveAlias' | 'rollback'>
  readonly runs: Pick<RunStore, 'list' | 'get' | 'trials'>
  readonly hosts: Hosts
  readonly reports: Reports
  readonly keys: Pick<ApiKeys, 'find'>
  /** ms since the epoch. */
  readonly now: () => number
}
