import { randomUUID } from 'node:crypto'
import { BullpenError, type ErrorData } from '#core/errors'
import { canonicalJson } from '#core/hashing'
import {
  afterCancel,
  afterLapse,
  afterReport,
  isLastChance,
  isSuspect,
  kindOf,
  lendable,
  type AttemptReport,
  type LeasedTask,
  type LeaseRequest,
  type Renewal,
  type ReportVerdict,
  type Route,
  type RouteLoad,
  type Task,
  type TaskLease,
  type TaskLedger,
  type TaskOutcome,
  type WaitingTask,
} from '#core/protocol'
import type { RunStore } from '#core/registry'
import { byArrival, byPriority, meanByKind, type Entry } from './memory-task-ledger-entry.ts'

/** The task ledger of one process, which dies with it. `clock` answers ms since the epoch. */
export class MemoryTaskLedger implements TaskLedger {
  readonly #clock: () => number
  readonly #runs: RunStore | undefined
  readonly #entries = new Map<string, Entry>()
  /** By every token ever lent; {@link Entry.token} says whether it still counts. */
  readonly #lent = new Map<string, Entry>()
  #sequence = 0

  constructor(options: { readonly clock?: () => number; readonly runs?: RunStore } = {}) {
    this.#clock = options.clock ?? Date.now
    this.#runs = options.runs
  }

  add(tasks: readonly Task[], route: Route): Promise<readonly string[]> {
    return Promise.resolve().then(() => {
      const fresh = new Map<string, Entry>()
      for (const task of tasks) {
        const known = this.#entries.get(task.id) ?? fresh.get(task.id)
        if (!known) fresh.set(task.id, this.#entryOf(task, route))
        else if (known.payload !== canonicalJson(task.payload)) {
          const details = { task: task.id, part: 'payload', reason: 'it differs from that of the task added before' }
          throw new BullpenError('TASK_INVALID', details)
        }
      }
      for (const [id, entry] of fresh) this.#entries.set(id, entry)
      return [...fresh.keys()]
    })
  }

  lease({ ids, route, worker, ttlMs }: LeaseRequest): Promise<readonly TaskLease[]> {
    const wanted = [...new Set(ids)].map((id) => this.#entries.get(id))
    const candidates = wanted.filter((entry) => entry?.state === 'waiting' && entry.route === route) as Entry[]
    const held = this.#where((entry) => entry.state === 'leased' && entry.worker === worker)
    const lent = lendable(
      candidates.map((entry) => ({ entry, lost: entry.lostWorkers.length })),
      held.map(({ lostWorkers }) => lostWorkers.length),
    )
    const now = this.#clock()
    return Promise.resolve(
      lent.map(({ entry, lost }) => {
        const token = randomUUID()
        this.#lent.set(token, entry)
        entry.attempt += 1
        Object.assign(entry, { state: 'leased', token, worker, leasedAt: now, leaseUntil: now + ttlMs })
        const task = JSON.parse(entry.text) as Task
        return { task, attempt: entry.attempt, token, alone: isLastChance(lost) }
      }),
    )
  }

  renew(tokens: readonly string[], ttlMs: number): Promise<Renewal> {
    const lost: string[] = []
    const cancelled: string[] = []
    for (const token of tokens) {
      const entry = this.#leasedBy(token)
      if (!entry) lost.push(token)
      else {
        entry.leaseUntil = this.#clock() + ttlMs
        if (entry.cancelled === 'abort') cancelled.push(token)
      }
    }
    return Promise.resolve({ lost, cancelled })
  }

  release(tokens: readonly string[]): Promise<void> {
    for (const token of tokens) {
      const entry = this.#leasedBy(token)
      if (entry) this.#giveBack(entry, null)
    }
    return Promise.resolve()
  }

  async report(reports: readonly AttemptReport[]): Promise<readonly ReportVerdict[]> {
    const verdicts: ReportVerdict[] = []
    const ended: Entry[] = []
    for (const report of reports) {
      const entry = this.#entryWith(report.token)
      if (entry?.state === 'leased') {
        const end = afterReport(entry, report)
        if (end === 'unused') this.#giveBack(entry, report.token)
        else if (end === 'retry') this.#wait(entry, report.token)
        else {
          this.#finish(entry, end, report.token)
          ended.push(entry)
        }
      }
      verdicts.push(!entry ? 'fenced' : entry.state === 'finished' ? 'finished' : 'retry')
    }
    await Promise.all(ended.map((entry) => this.#record(entry)))
    return verdicts
  }

  expire(): Promise<readonly { readonly id: string; readonly runId: string }[]> {
    const now = this.#clock()
    const ended: Entry[] = []
    for (const entry of this.#where(({ state, leaseUntil }) => state === 'leased' && leaseUntil <= now)) {
      const end = afterLapse(entry, entry.leasedAt, now)
      entry.lostWorkers.push(entry.worker)
      if (end === 'retry') this.#wait(entry, null)
      else {
        this.#finish(entry, end, null)
        ended.push(entry)
      }
    }
    return Promise.resolve(ended.map(({ id, runId }) => ({ id, runId })))
  }

  waiting(route: Route, { olderThanMs, limit }: { olderThanMs: number; limit: number }): Promise<WaitingTask[]> {
    const now = this.#clock()
    const untold = this.#where(
      (entry) => entry.state === 'waiting' && entry.route === route && entry.toldAt <= now - olderThanMs,
    )
    const chosen = untold.sort(byPriority).slice(0, limit)
    for (const entry of chosen) entry.toldAt = now
    return Promise.resolve(
      chosen.map(({ id, runId, kind, priority, attempt, lostWorkers }) => {
        return { id, runId, kind, priority, attempts: attempt, suspect: isSuspect(lostWorkers.length) }
      }),
    )
  }

  cancel(runId: string, running: 'abort' | 'finish'): Promise<readonly string[]> {
    const ended: string[] = []
    for (const entry of this.#where((one) => one.runId === runId)) {
      if (entry.state === 'leased' && entry.cancelled !== 'abort') entry.cancelled = running
      if (entry.state !== 'waiting') continue
      this.#finish(entry, afterCancel(entry, this.#clock()), entry.token)
      ended.push(entry.id)
    }
    return Promise.resolve(ended)
  }

  outcomes(runId: string, ids: readonly string[]): Promise<readonly TaskOutcome[]> {
    const wanted = [...new Set(ids)].map((id) => this.#entries.get(id))
    const outcomes = wanted.flatMap((entry) => (entry?.runId === runId && entry.outcome ? [entry.outcome] : []))
    return Promise.resolve(structuredClone(outcomes))
  }

  finished(runId: string, withinMs = Infinity): Promise<readonly string[]> {
    const since = this.#clock() - withinMs
    const finished = this.#where((one) => one.runId === runId && one.state === 'finished' && one.endedAt >= since)
    return Promise.resolve(finished.sort((a, b) => a.endedAt - b.endedAt).map(({ id }) => id))
  }

  reopen(runId: string): Promise<void> {
    for (const entry of this.#where((one) => one.runId === runId)) {
      entry.cancelled = null
      if (entry.outcome?.ok === false) this.#entries.delete(entry.id)
    }
    return Promise.resolve()
  }

  forget(runId: string): Promise<void> {
    for (const { id } of this.#where((one) => one.runId === runId)) this.#entries.delete(id)
    for (const [token, entry] of this.#lent) if (entry.runId === runId) this.#lent.delete(token)
    return Promise.resolve()
  }

  meanDurations(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(meanByKind(this.#entries.values()))
  }

  load(): Promise<readonly RouteLoad[]> {
    const since = this.#clock() - 60_000
    const routes = [...new Set([...this.#entries.values()].map(({ route }) => route))].sort()
    const loads = routes.map((route) => {
      const entries = this.#where((entry) => entry.route === route)
      const count = (is: (entry: Entry) => boolean) => entries.filter(is).length
      return {
        route,
        waiting: count(({ state }) => state === 'waiting'),
        leased: count(({ state }) => state === 'leased'),
        finishedLastMinute: count(({ state, endedAt }) => state === 'finished' && endedAt >= since),
      }
    })
    return Promise.resolve(loads.filter((load) => load.waiting + load.leased + load.finishedLastMinute > 0))
  }

  leased(): Promise<readonly LeasedTask[]> {
    const means = meanByKind(this.#entries.values())
    const leased = this.#where(({ state }) => state === 'leased').sort(byArrival)
    return Promise.resolve(
      leased.map(({ id, runId, kind, worker, attempt, leasedAt }) => {
        return { id, runId, kind, worker, attempt, leasedAt, meanMs: means.get(kind) ?? null }
      }),
    )
  }

  #entryOf(task: Task, route: Route): Entry {
    const { id, runId, key, name, attempts, priority } = task
    return {
      ...{ id, runId, key, name, attempts, priority, route, kind: kindOf(task), sequence: this.#sequence++ },
      ...{ text: JSON.stringify(task), payload: canonicalJson(task.payload), state: 'waiting', attempt: 0 },
      ...{ token: null, worker: '', leasedAt: 0, leaseUntil: 0, lostWorkers: [], cancelled: null },
      ...{ toldAt: this.#clock(), endedAt: 0, outcome: null },
    }
  }

  /** Back to waiting, untold; `token` is the one whose report led here, which may be repeated. */
  #wait(entry: Entry, token: string | null): void {
    Object.assign(entry, { state: 'waiting', token, toldAt: -Infinity })
  }

  /** As if it had never been leased; a cancelled task gets no further lease. */
  #giveBack(entry: Entry, token: string | null): void {
    entry.attempt -= 1
    if (entry.cancelled === null) this.#wait(entry, token)
    else this.#finish(entry, afterCancel(entry, this.#clock()), token)
  }

  #finish(entry: Entry, outcome: TaskOutcome, token: string | null): void {
    const stored = JSON.parse(JSON.stringify(outcome)) as TaskOutcome
    Object.assign(entry, { state: 'finished', token, endedAt: this.#clock(), outcome: stored })
  }

  async #record(entry: Entry): Promise<void> {
    const { runId, key, outcome } = entry
    if (!this.#runs || !outcome?.ok) return
    try {
      await this.#runs.recordTask(runId, key, outcome.result)
      entry.outcome = { ...outcome, recorded: true }
    } catch (error) {
      if ((error as ErrorData).code !== 'RUN_NOT_FOUND') throw error
    }
  }

  #where(is: (entry: Entry) => boolean): Entry[] {
    return [...this.#entries.values()].filter(is)
  }

  #entryWith(token: string): Entry | undefined {
    const entry = this.#lent.get(token)
    return entry?.token === token && this.#entries.get(entry.id) === entry ? entry : undefined
  }

  #leasedBy(token: string): Entry | undefined {
    const entry = this.#entryWith(token)
    return entry?.state === 'leased' ? entry : undefined
  }
}
