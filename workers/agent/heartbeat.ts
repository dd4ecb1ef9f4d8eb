import { setTimeout as sleep } from 'node:timers/promises'
import { toErrorData } from '#core/errors'
import type { AgentFacts, AgentPulse, Fleet } from '#core/protocol'

export interface HeartbeatOptions {
  readonly fleet: Fleet
  readonly facts: AgentFacts
  readonly everyMs: number
  readonly pulse: () => AgentPulse
  /** Told when the fleet cannot be reached and when it can again. */
  readonly onNote: (text: string) => void
}

/** After so many pulses the agent looks whether it is still listed: a database restored from a copy may not know it. */
const looksEvery = 12

/**
 * Says regularly that an agent is here. An unreachable database is waited out; where the agent is no longer known when
 * it is back, it joins again.
 */
export class Heartbeat {
  private readonly options: HeartbeatOptions
  private readonly stopping = new AbortController()
  private readonly beating: Promise<void>
  private isAway = false

  constructor(options: HeartbeatOptions) {
    this.options = options
    this.beating = this.beat()
  }

  /** Resolves when no pulse is under way and none will be. */
  stop(): Promise<void> {
    this.stopping.abort()
    return this.beating
  }

  private async beat(): Promise<void> {
    const { everyMs } = this.options
    const { signal } = this.stopping
    for (let pulses = 0; !signal.aborted; pulses++) {
      await this.once(pulses % looksEvery === looksEvery - 1)
      await sleep(everyMs, undefined, { signal }).catch(() => undefined)
    }
  }

  private async once(look: boolean): Promise<void> {
    const { fleet, facts, everyMs, pulse, onNote } = this.options
    try {
      if (look || this.isAway) await this.joinAgainIfUnknown()
      await fleet.pulse(facts.id, pulse())
      if (this.isAway) onNote('the fleet hears this agent again')
      this.isAway = false
    } catch (error) {
      if (!this.isAway)
        onNote(`the fleet does not hear this agent, trying every ${everyMs} ms: ${toErrorData(error).message}`)
      this.isAway = true
    }
  }

  private async joinAgainIfUnknown(): Promise<void> {
    const { fleet, facts, everyMs, onNote } = this.options
    if ((await fleet.list()).some(({ id }) => id === facts.id)) return
    await fleet.join(facts, everyMs)
    onNote('the fleet no longer knew this agent: it has joined again')
  }
}
