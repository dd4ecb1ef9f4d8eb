import { asBullpenError } from '#core/errors'
import { runsLookedAt, standingOf, type ScheduleStore, type Standing } from '#core/schedule'
import { pause } from '#platform/attempts'

export interface SchedulerOptions {
  readonly store: ScheduleStore
  readonly name: string
  readonly cron: string
  /** Runs what is due at that time, to its end. What it throws is said. */
  readonly run: (due: number) => Promise<void>
  readonly now: () => number
  readonly note: (text: string) => void
  /** Ends it after the run under way. */
  readonly signal: AbortSignal
  /** How often it is looked whether something is due, alarm or not; ms. */
  readonly everyMs: number
}

/**
 * Waits until something is due and has it run. It is woken by an alarm and looks by itself every `everyMs`, so that a
 * lost alarm, a clock that was set and a machine that slept are noticed. What is due is known from the database alone,
 * and what it has run claims it there: any number of schedulers run a due time once.
 *
 *     looking --due--> running --ended--> looking        any --signal--> ended
 *        +--nothing due--> waiting --alarm, everyMs, next due time--> looking
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  #wake = new AbortController()
  #isAway = false

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** Something may be due: look now. */
  readonly ring = (): void => {
    this.#wake.abort()
  }

  /** Until the signal. Never rejects: without a database it waits for it. */
  async run(): Promise<void> {
    const { signal, now, note } = this.#options
    while (!signal.aborted) {
      this.#wake = new AbortController()
      const standing = await this.#look()
      if (standing && standing.due !== null && !signal.aborted) {
        await this.#options.run(standing.due).catch((error: unknown) => {
          note(`what was due did not run: ${asBullpenError(error).message}`)
        })
        // Whatever became of it is in the database; if that is nothing, it is tried again after a pause.
        if ((await this.#look())?.due === null) continue
      }
      const { everyMs } = this.#options
      const next = standing?.next ?? null
      const untilNext = next === null ? everyMs : next - now()
      await pause(Math.max(0, Math.min(everyMs, untilNext)), AbortSignal.any([signal, this.#wake.signal]))
    }
  }

  async #look(): Promise<Standing | undefined> {
    const { store, name, cron, now, note } = this.#options
    try {
      const schedule = await store.declare(name, cron, now())
      const standing = standingOf(schedule, await store.runs(name, runsLookedAt), now())
      if (this.#isAway) note('the database is back')
      this.#isAway = false
      return standing
    } catch (error) {
      if (!this.#isAway) note(`the schedule waits: ${asBullpenError(error).message}`)
      this.#isAway = true
      return undefined
    }
  }
}
