/** How `bullpen worker` is to serve; durations in ms. */
export interface AgentRequest {
  /** Address of Redis, password included. Shown nowhere. */
  readonly queueUrl: string
  readonly threads: number
  /** What its threads are for: training on an engine, or own tasks of a group from the operator's list. */
  readonly duty: { readonly engine: string } | { readonly group: string; readonly tasks: string }
  readonly price: { readonly perHour: number; readonly currency: string } | null
  /** Name of the host, for people; the system's own when absent. */
  readonly host?: string | undefined
  readonly idleExitMs?: number | undefined
  readonly maxLifetimeMs?: number | undefined
  readonly noticeTimeMs: number
  /** Settings of notice sources, see `bullpen worker --help`. */
  readonly notices: readonly string[]
  /** Bound of the host's cache of objects; 0 for none. */
  readonly cacheBytes: number
  readonly metrics?: { readonly host: string; readonly port: number } | undefined
}

/** What an agent did, once it has left. */
export interface AgentVisit {
  readonly agent: string
  readonly route: string
  /** Why it left, in words. */
  readonly reason: string
  readonly done: number
  readonly failed: number
}

/** Makes this process an agent of the fleet. */
export interface AgentHost {
  /**
   * Serves until the agent leaves: told to by `signal`, by a notice, or by itself. Throws USAGE, CONFIG_INVALID,
   * QUEUE_UNAVAILABLE, DATABASE_UNAVAILABLE, ENGINE_UNAVAILABLE, OWN_TASKS_INVALID when it cannot begin.
   */
  serve(request: AgentRequest, signal: AbortSignal): Promise<AgentVisit>
}
