import type { Agent, AgentFacts, AgentPulse, Fleet } from '#core/protocol'

interface Entry extends AgentFacts, AgentPulse {
  readonly joinedAt: number
  readonly heartbeatMs: number
  readonly heartbeatAt: number
  readonly leftAt: number | null
  readonly leftBecause: string | null
}

/** Agents known to one process. `clock` answers ms since the epoch. */
export class MemoryFleet implements Fleet {
  readonly #clock: () => number
  readonly #entries = new Map<string, Entry>()

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  join(facts: AgentFacts, heartbeatMs: number): Promise<void> {
    const now = this.#clock()
    const joinedAt = this.#entries.get(facts.id)?.joinedAt ?? now
    const fresh = { state: 'running', busy: 0, done: 0, failed: 0, leftAt: null, leftBecause: null } as const
    this.#entries.set(facts.id, { ...structuredClone(facts), ...fresh, heartbeatMs, joinedAt, heartbeatAt: now })
    return Promise.resolve()
  }

  pulse(id: string, { state, busy, done, failed }: AgentPulse): Promise<void> {
    const entry = this.#entries.get(id)
    if (entry?.leftAt === null) {
      this.#entries.set(id, { ...entry, state, busy, done, failed, heartbeatAt: this.#clock() })
    }
    return Promise.resolve()
  }

  leave(id: string, because: string): Promise<void> {
    const entry = this.#entries.get(id)
    if (entry?.leftAt === null) {
      this.#entries.set(id, { ...entry, busy: 0, leftAt: this.#clock(), leftBecause: because })
    }
    return Promise.resolve()
  }

  list(withinMs = 3_600_000): Promise<Agent[]> {
    const now = this.#clock()
    const agents: Agent[] = []
    for (const { heartbeatMs, ...entry } of this.#entries.values()) {
      const lostAt = entry.heartbeatAt + 3 * heartbeatMs
      const state = entry.leftAt !== null ? 'left' : lostAt <= now ? 'lost' : entry.state
      const goneAt = entry.leftAt ?? lostAt
      if (goneAt >= now - withinMs) agents.push(structuredClone({ ...entry, state }))
    }
    return Promise.resolve(agents.sort((a, b) => a.joinedAt - b.joinedAt))
  }
}
