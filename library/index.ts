export { connect } from './connect.ts'
export type { AgentsOptions, ConnectOptions, LocalOptions } from './connect-options.ts'
export type {
  AnyTask,
  InputOf,
  MapFailure,
  MapOptions,
  MapResult,
  MapSuccess,
  OutputOf,
  OwnTask,
  SharedData,
} from './map-options.ts'
export type { Items } from './map-run.ts'
export type { Pool } from './pool.ts'
export { BullpenError } from '#core/errors'
export type { OwnTaskContext } from '#workers'
