import { randomUUID } from 'node:crypto'
import { BullpenError, type ErrorData } from '#core/errors'
import {
  trialOfKey,
  type DataSetRecord,
  type HoldState,
  type Run,
  type RunHolder,
  type RunState,
  type RunStore,
  type TimeSpan,
  type TrialCount,
  type TrialRecord,
} from '#core/registry'

interface Entry {
  run: Run
  hold: (RunHolder & { readonly token: string; readonly isCancelled: boolean }) | null
  /** By token. */
  readonly heldTimes: Map<string, TimeSpan>
  readonly tasks: Map<string, unknown>
  readonly trials: Map<number, TrialRecord>
  readonly dataSets: Map<string, DataSetRecord>
}

/** Runs that live as long as the object. Values are kept as the JSON they would be stored as. */
export class MemoryRunStore implements RunStore {
  readonly #entries = new Map<string, Entry>()
  readonly #clock: () => number

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  create(id: string, spec: Readonly<Record<string, unknown>>): Promise<Run> {
    if (this.#entries.has(id)) return Promise.reject(new BullpenError('RUN_EXISTS', { run: id }))
    const now = this.#clock()
    const state = 'created'
    const run: Run = { id, state, spec: asStored(spec), createdAt: now, updatedAt: now, error: null, summary: null }
    this.#entries.set(id, {
      ...{ run, hold: null, heldTimes: new Map() },
      ...{ tasks: new Map(), trials: new Map(), dataSets: new Map() },
    })
    return Promise.resolve(run)
  }

  get(id: string): Promise<Run> {
    return this.#with(id, ({ run }) => run)
  }

  list(limit: number): Promise<Run[]> {
    const newestFirst = [...this.#entries.values()].map(({ run }) => run).reverse()
    return Promise.resolve(newestFirst.slice(0, limit))
  }

  transition(
    id: string,
    state: RunState,
    { error, summary }: { error?: ErrorData; summary?: Readonly<Record<string, unknown>> } = {},
    hold?: string,
  ): Promise<void> {
    return this.#with(id, (entry) => {
      if (hold !== undefined && this.#holdOf(entry)?.token !== hold)
        throw new BullpenError('RUN_HOLD_LOST', { run: id })
      entry.run = {
        ...entry.run,
        state,
        error: error === undefined ? null : asStored(error),
        summary: summary === undefined ? entry.run.summary : asStored(summary),
        updatedAt: Math.max(entry.run.updatedAt, this.#clock()),
      }
    })
  }

  hold(id: string, holder: string, ttlMs: number, options: { readonly takeOverFrom?: string } = {}): Promise<string> {
    return this.#with(id, (entry) => {
      const held = this.#holdOf(entry)
      if (held && held.holder !== holder && held.holder !== options.takeOverFrom) {
        const seconds = Math.ceil((held.expiresAt - this.#clock()) / 1000)
        throw new BullpenError('RUN_HELD', { run: id, holder: held.holder, seconds })
      }
      const token = randomUUID()
      entry.hold = { holder, token, expiresAt: this.#clock() + ttlMs, isCancelled: false }
      this.#seen(entry, token)
      return token
    })
  }

  renewHold(id: string, token: string, ttlMs: number): Promise<HoldState> {
    return this.#with(id, (entry) => {
      if (entry.hold?.token !== token) return 'lost'
      entry.hold = { ...entry.hold, expiresAt: this.#clock() + ttlMs }
      this.#seen(entry, token)
      return entry.hold.isCancelled ? 'cancel' : 'held'
    })
  }

  requestCancel(id: string): Promise<boolean> {
    return this.#with(id, (entry) => {
      if (entry.hold) entry.hold = { ...entry.hold, isCancelled: true }
      return this.#holdOf(entry) !== null
    })
  }

  releaseHold(id: string, token: string): Promise<void> {
    return this.#with(id, (entry) => {
      if (entry.hold?.token !== token) return
      this.#seen(entry, token)
      entry.hold = null
    })
  }

  holder(id: string): Promise<RunHolder | null> {
    return this.#with(id, (entry) => {
      const held = this.#holdOf(entry)
      return held && { holder: held.holder, expiresAt: held.expiresAt }
    })
  }

  heldTimes(id: string): Promise<TimeSpan[]> {
    return this.#with(id, ({ heldTimes }) => [...heldTimes.values()])
  }

  recordTask(id: string, key: string, result: unknown): Promise<void> {
    return this.#with(id, ({ tasks }) => {
      putFirst(tasks, key, asStored(result))
    })
  }

  taskResults(id: string): Promise<ReadonlyMap<string, unknown>> {
    return this.#with(id, ({ tasks }) => new Map(tasks))
  }

  recordTrial(id: string, trial: TrialRecord): Promise<void> {
    return this.#with(id, ({ trials }) => {
      const folds = [...trial.folds].sort((a, b) => a.fold - b.fold)
      putFirst(trials, trial.number, asStored({ ...trial, folds }))
    })
  }

  trials(id: string): Promise<TrialRecord[]> {
    return this.#with(id, ({ trials }) => [...trials.values()].sort((a, b) => a.number - b.number))
  }

  trialCounts({ symbol, widthMs }: { readonly symbol: string; readonly widthMs: number }): Promise<TrialCount[]> {
    const onSeries = [...this.#entries.values()].filter(({ run: { spec } }) => {
      const candles = spec['candles'] as { symbol?: unknown; widthMs?: unknown } | undefined
      return candles?.symbol === symbol && candles.widthMs === widthMs
    })
    return Promise.resolve(
      onSeries.map(({ run, tasks }) => {
        const scored = new Set([...tasks.keys()].flatMap((key) => new RegExp(trialOfKey).exec(key)?.[1] ?? []))
        const search = [...scored].filter((trial) => trial.startsWith('search/')).length
        return { runId: run.id, search, outer: scored.size - search }
      }),
    )
  }

  recordDataSet(id: string, dataSet: DataSetRecord): Promise<void> {
    return this.#with(id, ({ dataSets }) => {
      putFirst(dataSets, `${dataSet.kind}/${dataSet.sha256}`, asStored(dataSet))
    })
  }

  dataSets(id: string): Promise<DataSetRecord[]> {
    return this.#with(id, ({ dataSets }) => [...dataSets.values()])
  }

  /** The hold of a run unless it has lapsed. */
  #holdOf({ hold }: Entry): Entry['hold'] {
    return hold && hold.expiresAt > this.#clock() ? hold : null
  }

  #seen({ heldTimes }: Entry, token: string): void {
    const until = this.#clock()
    heldTimes.set(token, { from: heldTimes.get(token)?.from ?? until, until })
  }

  #with<T>(id: string, work: (entry: Entry) => T): Promise<T> {
    const entry = this.#entries.get(id)
    if (entry === undefined) return Promise.reject(new BullpenError('RUN_NOT_FOUND', { run: id }))
    return Promise.resolve(entry).then(work)
  }
}

function putFirst<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (!map.has(key)) map.set(key, value)
}

function asStored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value ?? null)) as T
}
