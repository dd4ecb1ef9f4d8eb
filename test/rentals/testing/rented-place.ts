import type { TargetName } from '#core/protocol'
import type { RentalBooks } from '../../../coordinator/rentals/index.ts'
import type { RunningCommand } from '../../testing/command.ts'

/** A command that was started; `saw` watches its stderr. */
export type RentedCommand = Pick<RunningCommand, 'child' | 'done' | 'saw'>

/** Where the clusters of a suite are rented. */
export interface RentedPlace {
  readonly target: Extract<TargetName, 'local' | 'ssh'>
  /** BULLPEN_HOME of the coordinator. */
  readonly home: string
  /** Those of the hosts, where they are others. */
  readonly hostHomes: readonly string[]
  readonly books: RentalBooks
  /** What commands about one cluster, or about all (''), are told by their environment. */
  settings(cluster: string): Record<string, string>
  /** Starts `bullpen ...args` as a coordinator. */
  start(args: readonly string[], env: Record<string, string>): RentedCommand
  /** Removes everything. */
  close(): Promise<void>
}
