import { BullpenError } from '#core/errors'
import { checkResult, checkTask, kindOf } from '#core/protocol'
import type { ConsumeOptions, Consumer, ReportVerdict, TaskHandler } from '#core/protocol'
import { startAttempt, type AttemptEnd } from '#platform/attempts'
import type { Telling } from './batch-tasks.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import { DelayedReports } from './delayed-reports.ts'
import { loseLease, type HeldTask, type PendingReport } from './held-task.ts'
import { publishHints } from './hint-channel.ts'
import { giveBack, tellingOf } from './give-back.ts'
import { HeldTasks } from './held-tasks.ts'
import { IdleWatch } from './idle-watch.ts'
import { JobPump } from './job-pump.ts'
import { LeaseDesk } from './lease-desk.ts'
import { LeaseKeeper } from './lease-keeper.ts'
import { Pace } from './pace.ts'
import { Reporter } from './reporter.ts'
import { retryDelay } from './retry-delay.ts'
import { traced } from './traced.ts'

/**
 * Runs tasks of a route, `concurrency` at a time. Leases are taken a little ahead, so that a slot that frees has its
 * next task at once, and reports go out behind its back.
 *
 *     job --leases--> ready --slot--> running --ended--> report under way --verdict--> let go
 *                       |                | lease lost, forgotten: aborted, not reported
 *                       +-- given back (drain, cancel, another consumer is hungry)
 */
export class TaskConsumer implements Consumer {
  readonly #settings: ConsumerSettings
  readonly #options: ConsumeOptions
  readonly #handler: TaskHandler
  readonly #held = new HeldTasks()
  /** When a run was cancelled or forgotten, monotonic: leases asked for before that are not begun. */
  readonly #stoppedRuns = new Map<string, number>()
  #busy = 0
  #incoming = 0
  #unreported = 0
  readonly #pace: Pace
  readonly #draining = new AbortController()
  #drained: Promise<void> | undefined
  #wakePump: () => void = () => undefined
  #wakeDrain: () => void = () => undefined
  /** What is being told to others. */
  readonly #saying = new Set<Promise<unknown>>()
  readonly #desk: LeaseDesk
  readonly #keeper: LeaseKeeper
  readonly #reporter: Reporter
  readonly #pump: JobPump
  readonly #idle: IdleWatch
  readonly #delayed = new DelayedReports((pending) => {
    this.#report(pending)
  })

  constructor(settings: ConsumerSettings, handler: TaskHandler, options: ConsumeOptions) {
    this.#settings = settings
    this.#handler = handler
    this.#options = options
    const { ledger, route, link, leaseTtlMs: ttlMs, onNote } = settings
    const { worker, concurrency } = options
    this.#pace = new Pace(concurrency, settings.prefetchMs)
    const { signal } = this.#draining
    this.#desk = new LeaseDesk({ ledger, route, worker, ttlMs, signal })
    this.#keeper = new LeaseKeeper({
      ledger,
      held: this.#held.byToken,
      ttlMs,
      onLost: (held) => {
        this.#lose(held)
      },
      onCancelled: ({ lease }) => {
        void this.stopRun(lease.task.runId, 'abort')
      },
    })
    this.#reporter = new Reporter({
      ledger,
      onNote,
      onVerdicts: (reports, verdicts) => {
        this.#decided(reports, verdicts)
      },
    })
    this.#pump = new JobPump({
      link,
      route,
      worker,
      onNote,
      room: () => this.#room(),
      whenRoom: () => this.#whenRoom(),
      take: (ids, trace) => this.#take(ids, trace),
    })
    this.#idle = new IdleWatch({
      settings,
      worker,
      isIdle: () => !this.#held.hasAlone && this.#busy + this.#held.ready + this.#incoming < concurrency,
      room: () => this.#room(),
      take: (ids) => this.#take(ids, undefined),
    })
  }

  get worker(): string {
    return this.#options.worker
  }

  get concurrency(): number {
    return this.#options.concurrency
  }

  drain(): Promise<void> {
    this.#drained ??= this.#drain()
    return this.#drained
  }

  async handBack(): Promise<void> {
    const drained = this.drain()
    for (const { lease, attempt } of this.#held.byToken.values()) {
      attempt?.end(new BullpenError('TASK_HANDED_BACK', { task: lease.task.id }))
    }
    await drained
  }

  /**
   * Stops what is in hand of a run: `finish` lets what runs end, `forget` aborts it and reports nothing. Resolves when
   * nothing more of it will start, here and, as far as the ledger can be reached, anywhere.
   */
  async stopRun(runId: string, running: 'abort' | 'finish' | 'forget'): Promise<void> {
    const now = performance.now()
    this.#stoppedRuns.set(runId, now)
    for (const [run, at] of this.#stoppedRuns) if (now - at > 60_000) this.#stoppedRuns.delete(run)
    this.#giveBack(({ lease }) => lease.task.runId === runId, false)
    for (const held of this.#held.ofRun(runId)) {
      if (running === 'forget') held.isLost = true
      if (running !== 'finish') held.attempt?.end(new BullpenError('TASK_CANCELLED', { task: held.lease.task.id }))
    }
    this.#delayed.flush(({ held }) => held.lease.task.runId === runId)
    await Promise.all(this.#saying)
  }

  /** Another consumer has nothing to do: gives back what would not start soon, and takes nothing ahead for a while. */
  shareWork(): void {
    if (this.#pace.isFast) return
    this.#pace.holdBack(2 * this.#settings.idleAskMs)
    this.#giveBack(() => true, true)
  }

  /** How many tasks are wanted beyond those in hand. */
  #room(): number {
    if (this.#draining.signal.aborted || this.#held.hasAlone) return 0
    const wanted = this.#options.concurrency + this.#pace.ahead
    return wanted - this.#busy - this.#held.ready - this.#incoming
  }

  #whenRoom(): Promise<void> {
    if (this.#room() > 0 || this.#draining.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      this.#wakePump = resolve
    })
  }

  async #take(ids: readonly string[], trace: string | undefined): Promise<void> {
    this.#incoming += ids.length
    const { leases, askedAt } = await this.#desk.lease(ids)
    this.#incoming -= ids.length
    const unwanted: HeldTask[] = []
    for (const lease of leases) {
      const held: HeldTask = { lease, state: 'ready', until: askedAt + this.#settings.leaseTtlMs, trace }
      this.#held.add(held)
      const stoppedAt = this.#stoppedRuns.get(lease.task.runId) ?? -Infinity
      if (stoppedAt >= askedAt || this.#draining.signal.aborted) unwanted.push(held)
    }
    if (unwanted.length > 0) this.#giveBack((held) => unwanted.includes(held), this.#draining.signal.aborted)
    this.#step()
  }

  /** Starts what may start, and lets the pump go on if there is room. */
  #step(): void {
    const limit = this.#pace.mostUnreported
    while (this.#busy < this.#options.concurrency && this.#unreported < limit) {
      const next = this.#held.next()
      if (!next) break
      this.#start(next)
    }
    if (this.#room() > 0) this.#wakePump()
    if (this.#held.size === 0 && this.#busy === 0) this.#wakeDrain()
  }

  #start(held: HeldTask): void {
    const { task, attempt } = held.lease
    const startedAt = Date.now()
    const began = performance.now()
    held.state = 'running'
    this.#busy += 1
    const handler: TaskHandler = async (of, context) => {
      checkTask(of)
      const { telemetry } = this.#settings
      const result = await traced(telemetry, held, this.#options.worker, () => this.#handler(of, context))
      // As the ledger's reader will see it: JSON, and checked.
      return JSON.parse(JSON.stringify(checkResult(of.name, result, of.id))) as unknown
    }
    const running = startAttempt(task, (signal) => handler(task, { attempt, signal }))
    held.attempt = running
    void running.ended
      .then((end) => {
        this.#ended(held, end, startedAt, performance.now() - began)
        return running.settled
      })
      .then(() => {
        this.#busy -= 1
        this.#step()
      })
  }

  #ended(held: HeldTask, end: AttemptEnd, startedAt: number, ms: number): void {
    if (held.isLost) {
      this.#held.letGo(held)
      return
    }
    if (!end.ok && end.error.code === 'TASK_HANDED_BACK') {
      this.#held.letGo(held)
      this.#say(giveBack(this.#settings, [held], true))
      return
    }
    const { task, attempt, token } = held.lease
    if (end.ok) {
      this.#pace.saw(ms)
      this.#settings.durations.saw(kindOf(task), ms)
    }
    held.state = 'ended'
    const pending: PendingReport = {
      held,
      report: { token, startedAt, finishedAt: Math.max(startedAt, Date.now()), ...end },
    }
    const delay = end.ok || attempt >= task.attempts ? 0 : retryDelay(end.error, attempt)
    if (delay > 0 && !this.#draining.signal.aborted) {
      this.#delayed.add(pending, delay)
    } else {
      this.#report(pending)
    }
  }

  #report(pending: PendingReport): void {
    this.#unreported += 1
    this.#reporter.add(pending)
  }

  #decided(reports: readonly PendingReport[], verdicts: readonly ReportVerdict[]): void {
    const finished: { id: string; runId: string }[] = []
    const retries: Telling[] = []
    reports.forEach(({ held }, i) => {
      const { task, attempt } = held.lease
      this.#held.letGo(held)
      if (verdicts[i] === 'finished') finished.push(task)
      if (verdicts[i] === 'fenced') loseLease(held, this.#settings.onNote)
      if (verdicts[i] === 'retry') retries.push({ ...tellingOf(held), attempts: attempt })
    })
    this.#unreported -= reports.length
    const { link, teller } = this.#settings
    this.#say(Promise.all([publishHints(link, finished), retries.length > 0 && teller.tell(retries)]))
    this.#step()
  }

  #lose(held: HeldTask): void {
    loseLease(held, this.#settings.onNote)
    if (held.state === 'ready') {
      this.#held.letGo(held)
      this.#step()
    } else {
      held.attempt?.end(new BullpenError('LEASE_LOST', { task: held.lease.task.id }))
    }
  }

  /** Gives back what has not started. With `tell`, others learn of it at once. */
  #giveBack(which: (held: HeldTask) => boolean, tell: boolean): void {
    const given = this.#held.letGoReady(which)
    if (given.length === 0) return
    this.#say(giveBack(this.#settings, given, tell))
    this.#step()
  }

  #say(saying: Promise<unknown>): void {
    const said = saying.finally(() => this.#saying.delete(said))
    this.#saying.add(said)
  }

  async #drain(): Promise<void> {
    this.#draining.abort()
    this.#wakePump()
    this.#idle.stop()
    this.#giveBack(() => true, true)
    this.#delayed.flush(() => true)
    await this.#pump.stop()
    while (this.#held.size > 0 || this.#busy > 0) {
      await new Promise<void>((resolve) => {
        this.#wakeDrain = resolve
      })
    }
    await this.#reporter.idle()
    await Promise.all(this.#saying)
    this.#keeper.stop()
  }
}
