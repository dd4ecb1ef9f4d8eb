import { toErrorData } from '#core/errors'
import type { AgentFacts, Fleet } from '#core/protocol'
import { within } from '#platform/attempts'
import type { Logger } from '#platform/logging'
import type { NoticeSource } from '../notice/notice-source.ts'
import { watchAll, type TaskWatch } from '../task-watch.ts'
import type { WorkerPool } from '../worker-pool.ts'
import { Departures, type Departure } from './departures.ts'
import { Heartbeat } from './heartbeat.ts'
import { WorkLog } from './work-log.ts'

export interface WorkerAgentOptions {
  readonly fleet: Fleet
  readonly facts: AgentFacts
  /** Opens the threads and has them take tasks; `watch` is to be told of every attempt. */
  readonly openPool: (watch: TaskWatch) => Promise<WorkerPool>
  /** Told of every attempt too. */
  readonly watch?: TaskWatch | undefined
  readonly log: Logger
  /** What the operator should know: one line each. */
  readonly onNote: (text: string) => void
  /** How long tasks in hand may go on once it is to leave, ms. */
  readonly noticeTimeMs: number
  /** Leaves after so long without a task, ms; never when absent. */
  readonly idleExitMs?: number | undefined
  /** Leaves after so long, ms; never when absent. */
  readonly maxLifetimeMs?: number | undefined
  readonly notices?: readonly NoticeSource[] | undefined
  /** How often notices are asked for, ms (5,000). */
  readonly noticeEveryMs?: number | undefined
  /** How often the fleet hears of it, ms (5,000). */
  readonly heartbeatMs?: number | undefined
  /** How long handing back, and then saying goodbye, may each take when servers are away, ms (3,000). */
  readonly goodbyeMs?: number | undefined
}

/**
 * One host's threads in the fleet: takes tasks of its route until it is told to leave or finds a reason itself.
 *
 *     joining --threads ready--> running --told, notice, idle too long, old enough--> draining --> left
 *        +---------------- threads do not start: left, and run() throws --------------------------^
 *
 * - joining: known to the fleet, no task taken yet.
 * - running: takes as many tasks as it has threads. A dead thread costs one attempt; the database may be away.
 * - draining: takes nothing more. What is in hand may finish within the notice time, or until shortly before the moment
 *   the notice named; then it is aborted and handed back, without costing an attempt.
 * - left: the fleet knows why. When it cannot be told it will take the agent for lost, and its leases lapse.
 */
export class WorkerAgent {
  private readonly options: WorkerAgentOptions
  private readonly work: WorkLog
  private readonly departures: Departures
  private readonly goodbyeMs: number
  private state: 'joining' | 'running' | 'draining' | 'left' = 'joining'

  constructor(options: WorkerAgentOptions) {
    this.options = options
    const { log, idleExitMs, maxLifetimeMs, notices = [], noticeEveryMs = 5000, onNote } = options
    this.goodbyeMs = options.goodbyeMs ?? 3000
    this.departures = new Departures({ idleExitMs, maxLifetimeMs, notices, noticeEveryMs, onNote })
    this.work = new WorkLog(log, () => {
      this.departures.busy(this.work.busy)
    })
  }

  /** Tasks ended here, and those that failed among them. */
  get counts(): { readonly done: number; readonly failed: number } {
    const { done, failed } = this.work
    return { done, failed }
  }

  /**
   * Serves until it leaves, and says why it did. `told` aborts when the process is asked to stop. `onServing` is
   * called when the threads take tasks. Throws DATABASE_UNAVAILABLE when it cannot join, and what opening the pool
   * throws.
   */
  async run(told: AbortSignal, onServing: () => void = () => undefined): Promise<Departure> {
    const { fleet, facts, log, onNote, heartbeatMs = 5000 } = this.options
    await fleet.join(facts, heartbeatMs)
    const pool = await this.openPool()
    const heartbeat = new Heartbeat({ fleet, facts, everyMs: heartbeatMs, onNote, pulse: () => this.pulse() })
    this.state = 'running'
    onServing()
    const departure = await this.departures.first(told)
    this.state = 'draining'
    log.info('leaving', { reason: departure.reason, busy: this.work.busy })
    // Not waited for: the database may be away, and the next heartbeat says it too.
    void fleet.pulse(facts.id, this.pulse()).catch(() => undefined)
    await this.empty(pool, departure)
    await this.leave(departure.reason, heartbeat)
    return departure
  }

  private async openPool(): Promise<WorkerPool> {
    const { openPool, watch } = this.options
    try {
      return await openPool(watch ? watchAll([this.work, watch]) : this.work)
    } catch (error) {
      await this.leave(`its threads did not start: ${toErrorData(error).code}`)
      throw error
    }
  }

  private async empty(pool: WorkerPool, { at }: Departure): Promise<void> {
    const { noticeTimeMs, onNote, log } = this.options
    const untilGone = at === null ? Infinity : Math.max(0, at - Date.now() - this.goodbyeMs)
    const graceMs = Math.min(noticeTimeMs, untilGone)
    if (await isDoneWithin(pool.drain(), graceMs)) return
    const inHand = this.work.busy
    onNote(
      `handing back ${inHand} task${inHand === 1 ? '' : 's'} that did not end within ${Math.round(graceMs / 1000)} s`,
    )
    if (await isDoneWithin(pool.handBack(), this.goodbyeMs)) return
    // The host may vanish any moment: whoever waits for these tasks gets them when their leases lapse.
    log.warn('tasks in hand could not be given back in time; their leases lapse', { busy: this.work.busy })
  }

  private async leave(because: string, heartbeat?: Heartbeat): Promise<void> {
    const { fleet, facts, log } = this.options
    const goodbye = async () => {
      await heartbeat?.stop()
      await fleet.pulse(facts.id, this.pulse()) // what it did in the end
      await fleet.leave(facts.id, because)
    }
    const said = goodbye().catch((error: unknown) => {
      log.warn('the fleet could not be told of leaving', { error })
    })
    if (!(await isDoneWithin(said, this.goodbyeMs))) log.warn('the fleet could not be told of leaving in time')
    this.state = 'left'
    this.departures.stop()
  }

  private pulse() {
    const { busy, done, failed } = this.work
    return { state: this.state === 'draining' ? ('draining' as const) : ('running' as const), busy, done, failed }
  }
}

function isDoneWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  return within(
    work.then(() => true),
    ms,
    () => false,
  )
}
