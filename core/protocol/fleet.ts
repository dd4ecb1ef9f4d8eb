import type { HourlyPrice } from './rental-ledger.ts'
import type { Route } from './route.ts'

/** What an agent says of itself when it joins. */
export interface AgentFacts {
  /** Unique for ever: `${host}-${pid}-${random}`. */
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly route: Route
  readonly threads: number
  readonly cores: number
  readonly memoryBytes: number
  /** Name and version of the XGBoost engine; empty for an agent of own tasks only. */
  readonly engine: string
  /** Versions of bullpen and node. */
  readonly versions: Readonly<Record<string, string>>
  /** Price of the host per hour and its currency, when the operator gave one. */
  readonly price: HourlyPrice | null
}

/** What an agent says with every heartbeat. */
export interface AgentPulse {
  readonly state: 'running' | 'draining'
  /** Threads at work. */
  readonly busy: number
  /** Tasks ended since it joined, and those that failed among them. */
  readonly done: number
  readonly failed: number
}

/** An agent as others see it. Times are ms since the epoch by the fleet's own clock. */
export interface Agent extends AgentFacts {
  /** `lost`: its heartbeat is overdue by two periods or more. */
  readonly state: 'running' | 'draining' | 'left' | 'lost'
  readonly busy: number
  readonly done: number
  readonly failed: number
  readonly joinedAt: number
  readonly heartbeatAt: number
  /** When it left, and why in words; null while it is here. */
  readonly leftAt: number | null
  readonly leftBecause: string | null
}

/** Who may serve tasks: every agent registers here, so that people and coordinators see it. Throws DATABASE_UNAVAILABLE. */
export interface Fleet {
  /** `heartbeatMs` is how often the agent means to be heard. */
  join(facts: AgentFacts, heartbeatMs: number): Promise<void>
  /** Also brings back an agent that was taken for lost. */
  pulse(id: string, pulse: AgentPulse): Promise<void>
  /** Idempotent. */
  leave(id: string, because: string): Promise<void>
  /** Oldest first; those that left or were lost more than `withinMs` ago are left out (default an hour). */
  list(withinMs?: number): Promise<Agent[]>
}
