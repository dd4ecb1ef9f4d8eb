import type { ClusterRequest } from '#core/protocol'

/** Two workers of one thread, for as long as a test likes. */
export const weekRequest: ClusterRequest = {
  cluster: 'week',
  workers: 2,
  threads: 1,
  endsAt: Number.MAX_SAFE_INTEGER,
  idleExitSeconds: 60,
  maxLifetimeSeconds: 120,
  maxPricePerHour: null,
  price: null,
}
