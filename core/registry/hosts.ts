/** An agent of a training host as those see it who only look. Times are ms by the clock of the store. */
export interface HostAgent {
  readonly id: string
  readonly host: string
  readonly route: string
  /** `lost`: its heartbeat is overdue by two periods or more. */
  readonly state: 'running' | 'draining' | 'left' | 'lost'
  readonly threads: number
  /** Threads at work. */
  readonly busy: number
  /** Tasks ended since it joined, and those that failed among them. */
  readonly done: number
  readonly failed: number
  readonly cores: number
  readonly engine: string
  readonly joinedAt: number
  readonly heartbeatAt: number
}

/** Training hosts, for programs that know nothing of tasks. */
export interface Hosts {
  /** Agents seen within the last hour, oldest first. Throws DATABASE_UNAVAILABLE. */
  list(): Promise<readonly HostAgent[]>
}
