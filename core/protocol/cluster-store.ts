import type { TargetName } from './rental-ledger.ts'
import type { ClusterOutputs, ClusterRequest } from './target.ts'

/**
 * Where a cluster stands. Only who has claimed it changes it:
 *
 *     down --claim up--> rising --settle up--> up --claim up--> rising (heals what died)
 *     any --claim down--> falling --settle down--> down
 *
 * A claim that is not kept lapses, and the phase stays until the next claim: whoever makes it goes on from there.
 */
export type ClusterPhase = 'rising' | 'up' | 'falling' | 'down'

/** What somebody is doing to a cluster, and until when others leave it alone. */
export interface ClusterChange {
  readonly change: 'up' | 'down'
  /** Who: a name that its own host can tell dead or alive. */
  readonly holder: string
  readonly until: number
}

/** A cluster as last written down. Times are milliseconds since the epoch. */
export interface ClusterRecord {
  readonly name: string
  readonly target: TargetName
  readonly phase: ClusterPhase
  /** What was asked for last; null when it was never asked to be up. */
  readonly request: ClusterRequest | null
  /** What it told when it was last up; null before, and when it is down. */
  readonly outputs: ClusterOutputs | null
  /** When it was first asked to be up since it was last down: `maxLifetimeSeconds` count from here. */
  readonly since: number
  readonly changing: ClusterChange | null
}

export interface ClaimRequest {
  readonly cluster: string
  readonly target: TargetName
  readonly change: 'up' | 'down'
  /** Null for a cluster that is to be down: what was asked for stays. */
  readonly request: ClusterRequest | null
  readonly holder: string
  /** A holder known to be dead: its claim counts as lapsed. */
  readonly takeOverFrom?: string
  readonly now: number
  readonly until: number
}

/** The right to change a cluster. */
export interface ClusterClaim {
  readonly cluster: string
  /** Random; void as soon as somebody else has claimed the cluster. */
  readonly token: string
}

/**
 * Clusters, the outputs they told, and who is changing each: one process at a time. Times are the caller's; who tears
 * down goes before who builds, so a claim to `down` ends one to `up`.
 */
export interface ClusterStore {
  /**
   * Throws CLUSTER_BUSY while another holder's claim lasts (unless it is to `up` and this one to `down`), and USAGE for
   * a cluster that is not down at another target.
   */
  claim(request: ClaimRequest): Promise<ClusterClaim>
  /** Keeps a claim until then. False: somebody else has claimed the cluster since, or it was settled. */
  keep(claim: ClusterClaim, until: number): Promise<boolean>
  /** Ends a claim with where the cluster stands now. False, and nothing written, when the claim is void. */
  settle(claim: ClusterClaim, end: { readonly up: ClusterOutputs } | 'down'): Promise<boolean>
  cluster(name: string): Promise<ClusterRecord | undefined>
  /** By name. */
  list(): Promise<readonly ClusterRecord[]>
}
