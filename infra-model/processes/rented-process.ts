/** A process that a stack keeps: one of a cluster, as it is rented now. */
export interface RentedProcess {
  /** `redis`, `worker-1`, ... */
  readonly name: string
  /** `<cluster>/<name>#<n>`: how it is found. */
  readonly rental: string
  /** Goes up by one each time it was found dead: that alone makes terraform replace it. */
  readonly generation: number
  /**
   * What is put before its command, ending it when its term is over: the keeper, or `timeout SECONDS` where no ledger is.
   * Its BULLPEN_RENTAL and BULLPEN_HOME must reach the process.
   */
  readonly keeper: readonly string[]
}

/** How agents are started; each leaves by itself when it has nothing to do, and when it is too old. */
export interface AgentSettings {
  /** The bullpen command on the host. */
  readonly bullpen: readonly string[]
  /** Tasks at a time; null: as many as the host has cores. */
  readonly threads: number | null
  readonly idleExitSeconds: number
  readonly maxLifetimeSeconds: number
  /** For `bullpen cluster status`. */
  readonly price: { readonly perHour: number; readonly currency: string } | null
}

/** Seconds that tasks in hand of a rented agent may go on when it is ended; who keeps it gives it twice that. */
const noticeSeconds = 10

/** The command of an agent. Its name in the fleet is `<cluster>.<name>`. */
export function agentCommand({ rental, keeper }: RentedProcess, settings: AgentSettings): string[] {
  const { bullpen, threads, idleExitSeconds, maxLifetimeSeconds, price } = settings
  const name = rental.replace('/', '.').replace(/#.*$/, '')
  return [
    ...keeper,
    ...bullpen,
    'worker',
    ...['--name', name],
    ...['--idle-exit', String(idleExitSeconds)],
    ...['--max-lifetime', String(maxLifetimeSeconds)],
    ...['--notice-time', String(noticeSeconds)],
    ...(threads === null ? [] : ['--threads', String(threads)]),
    ...(price === null ? [] : ['--price', String(price.perHour), '--currency', price.currency]),
  ]
}

/** The command of a redis-server: all that it is told stands in the file that the start script makes. */
export function redisCommand({ keeper }: RentedProcess, folder: string): string[] {
  return [...keeper, 'redis-server', `${folder}/redis.conf`]
}
