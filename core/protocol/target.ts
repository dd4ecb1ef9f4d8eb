import type { HourlyPrice, PlannedRental, Rental, TargetName } from './rental-ledger.ts'

/** What is asked of a target. */
export interface ClusterRequest {
  /** Matches /^[a-z][a-z0-9-]{0,30}$/. */
  readonly cluster: string
  /** Worker hosts (local: worker processes), 1 to 1,000. */
  readonly workers: number
  /** Tasks at a time of each worker; null: as many as its host has cores. */
  readonly threads: number | null
  /** Time (ms since the epoch) at which everything ends itself unless renewed. */
  readonly endsAt: number
  /** A worker without a task for so long leaves. */
  readonly idleExitSeconds: number
  /** Everything ends itself after so long, renewed or not. */
  readonly maxLifetimeSeconds: number
  /** Highest price per hour and worker that may be paid (spot); null: the target's own. */
  readonly maxPricePerHour: number | null
  /** What a worker costs where the target knows no price of it: a process here, a host without one. Null: nobody said. */
  readonly price: HourlyPrice | null
}

/** What a cluster that is up tells: the only thing programs read of the infrastructure. */
export interface ClusterOutputs {
  readonly cluster: string
  readonly target: TargetName
  /** redis://host:port without a password; a password comes from `redisPasswordFile`. */
  readonly redisUrl: string
  /** File (0600) with the password of Redis; null when it has none. */
  readonly redisPasswordFile: string | null
  /** A group of hosts is one place; `hosts`: how many agents share its name, absent: one. */
  readonly workers: readonly { readonly name: string; readonly place: string; readonly hosts?: number }[]
}

/** What a target did about hosts that it was not given. */
export interface FallBack {
  /** How many it takes in a dearer way now; 0: nothing was changed. */
  readonly workers: number
  /** For people: what was done and what it costs at most, or why nothing was. */
  readonly told: string
}

/** Something that really exists at a target, found by looking there and not in the ledger. */
export interface InventoryItem {
  /** The rental's id as the thing itself carries it (tag, environment, folder). */
  readonly rental: string
  readonly cluster: string
  readonly what: 'process' | 'folder' | 'state-lock' | 'host' | 'state'
  /** Host or instance it is on. */
  readonly place: string
  /** For people: `pid 4711 redis-server`, a path, an instance id. */
  readonly detail: string
}

/**
 * A place where machines can be rented. Every method may be called again after a failure or a kill, by another process.
 * Nothing it starts outlives `endsAt` of its rental, whoever dies.
 */
export interface Target {
  readonly name: TargetName
  /** Longest time from asking for machines until they serve, s: a budget counts on it. */
  readonly startSeconds: number
  /** Longest time from asking for their end until they are gone, s: a budget counts on it. */
  readonly teardownSeconds: number
  /** What `up` will rent, so that it is booked before it exists. Throws USAGE for a request it cannot meet. */
  plan(request: ClusterRequest): Promise<readonly PlannedRental[]>
  /** Makes the booked things exist; of a cluster that is up already it changes nothing but what died. Throws TARGET_FAILED with nothing left running. */
  up(request: ClusterRequest, rentals: readonly Rental[], signal: AbortSignal): Promise<ClusterOutputs>
  /** Ends everything of the cluster and its state and locks, whoever held them; of one that is not there it does nothing. Throws TARGET_FAILED. */
  down(cluster: string, signal: AbortSignal): Promise<void>
  /** Everything that exists at this target and was rented by this user, of one cluster or all. Throws TARGET_UNREACHABLE. */
  inventory(cluster?: string): Promise<readonly InventoryItem[]>
  /** Ends one thing found by `inventory`. Idempotent. */
  end(item: InventoryItem): Promise<void>
  /**
   * The term of the cluster has been moved: told to a place that ends things by itself at a time it was given, absent
   * where each thing reads the ledger. Not told, the place ends them at the earlier time. Throws TARGET_FAILED, TARGET_UNREACHABLE.
   */
  renewed?(cluster: string, endsAt: number): Promise<void>
  /**
   * Takes hosts that it was not given in a dearer way, below the highest price that was asked for: on demand in place of
   * spot. Absent where there is one way only. Throws TARGET_FAILED, TARGET_UNREACHABLE; what is up stays up.
   *
   * @param wanted how many workers there are to be, by its outputs
   */
  fallBack?(request: ClusterRequest, rentals: readonly Rental[], wanted: number, signal: AbortSignal): Promise<FallBack>
}
