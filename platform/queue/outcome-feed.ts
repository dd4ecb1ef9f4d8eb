import type { TaskLedger, TaskOutcome } from '#core/protocol'
import { Backoff } from '#platform/attempts'
import { hintChannel, readHints } from './hint-channel.ts'
import type { RedisLink } from './redis-link.ts'

export interface OutcomeFeedOptions {
  readonly runId: string
  readonly ledger: TaskLedger
  readonly link: RedisLink
  readonly listener: (outcome: TaskOutcome) => void
  /** How often the ledger is asked what hints may have missed, ms. */
  readonly pollMs: number
}

/** Commits may overtake each other: what finished this much before the last look is looked at again. */
const overlapMs = 60_000
/** Outcomes read at a time: what a coordinator holds of a run of any length. */
const pageSize = 500

/**
 * One subscription: hints over Redis say at once which tasks ended, and every `pollMs` the ledger is asked; whichever
 * comes first. The outcomes are read from the ledger, so a hint is never believed, and a lost one costs `pollMs`.
 *
 *     replaying --all told--> listening --hint or poll--> telling --> listening      any --end--> ended
 */
export class OutcomeFeed {
  readonly #options: OutcomeFeedOptions
  /** Ids told, with the time; dropped when no poll can find them any more. */
  readonly #told = new Map<string, number>()
  /** Ids to be read, in order. */
  #due = new Set<string>()
  readonly #ended = new AbortController()
  /** Start of the last look that succeeded; undefined before the first, which asks for everything. */
  #lookedAt: number | undefined
  #nextLook = 0
  #wake: () => void = () => undefined
  readonly #running: Promise<void>

  constructor(options: OutcomeFeedOptions) {
    this.#options = options
    this.#running = this.#run()
  }

  /** After this the listener is not called again. */
  end(): void {
    if (this.#ended.signal.aborted) return
    this.#ended.abort()
    this.#wake()
    this.#options.link.unsubscribe(hintChannel(this.#options.runId), this.#hint)
  }

  /** These ids are tasks anew: their next outcome is told. */
  unsee(ids: readonly string[]): void {
    for (const id of ids) this.#told.delete(id)
  }

  /** Tells what has finished by now, then ends. Rejects when the ledger cannot be read. */
  async finish(): Promise<void> {
    try {
      if (this.#ended.signal.aborted) return
      await this.#look()
      await this.#tell()
    } finally {
      this.end()
      await this.#running
    }
  }

  async #run(): Promise<void> {
    const { link, runId, pollMs } = this.#options
    const { signal } = this.#ended
    const backoff = new Backoff({ firstMs: 100 })
    // Not before onOutcome has returned, and not waiting for Redis: the poll hears everything too.
    link
      .subscribe(hintChannel(runId), this.#hint)
      .then(() => {
        // What ended between the first look and the subscription was hinted to nobody.
        this.#nextLook = 0
        this.#wake()
      })
      .catch(() => undefined)
    while (!signal.aborted) {
      try {
        if (performance.now() >= this.#nextLook) {
          this.#nextLook = performance.now() + pollMs
          await this.#look()
        }
        await this.#tell()
        backoff.reset()
      } catch {
        this.#nextLook = 0
        await backoff.wait(signal) // the ledger is away; whoever needs it in the foreground says so
        continue
      }
      if (this.#due.size === 0 && !signal.aborted) await this.#sleepUntil(this.#nextLook)
    }
  }

  async #look(): Promise<void> {
    const { ledger, runId } = this.#options
    const now = performance.now()
    const since = this.#lookedAt === undefined ? undefined : now - this.#lookedAt + overlapMs
    const ids = await ledger.finished(runId, since)
    this.#lookedAt = now
    for (const id of ids) if (!this.#told.has(id)) this.#due.add(id)
    for (const [id, at] of this.#told) {
      if (now - at < 2 * overlapMs) break // oldest first
      this.#told.delete(id)
    }
  }

  async #tell(): Promise<void> {
    const { ledger, runId } = this.#options
    while (this.#due.size > 0 && !this.#ended.signal.aborted) {
      const page = [...take(this.#due, pageSize)]
      const outcomes = new Map((await ledger.outcomes(runId, page)).map((outcome) => [outcome.id, outcome]))
      for (const id of page) {
        this.#due.delete(id)
        const outcome = outcomes.get(id)
        // Not finished or forgotten by now: a later look finds it if there is something to find.
        if (outcome && !this.#told.has(id)) this.#call(outcome)
      }
    }
  }

  #call(outcome: TaskOutcome): void {
    if (this.#ended.signal.aborted) return
    this.#told.set(outcome.id, performance.now())
    try {
      this.#options.listener(outcome)
    } catch (error) {
      process.emitWarning(`a listener to outcomes of run ${outcome.runId} threw: ${String(error)}`)
    }
  }

  #sleepUntil(time: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, time - performance.now()))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  readonly #hint = (text: string): void => {
    for (const id of readHints(text)) if (!this.#told.has(id)) this.#due.add(id)
    if (this.#due.size > 0) this.#wake()
  }
}

function* take<T>(values: Iterable<T>, count: number): Iterable<T> {
  let left = count
  for (const value of values) {
    if (left-- <= 0) return
    yield value
  }
}
