import type { NoticeSource } from '../notice/notice-source.ts'
import { watchNotices } from '../notice/watch-notices.ts'

/** Why an agent leaves. */
export interface Departure {
  readonly cause: 'told' | 'notice' | 'idle' | 'lifetime'
  /** For people. */
  readonly reason: string
  /** When its host goes away, ms since the epoch; null when that is not known. */
  readonly at: number | null
}

export interface DepartureOptions {
  readonly idleExitMs: number | undefined
  readonly maxLifetimeMs: number | undefined
  readonly notices: readonly NoticeSource[]
  readonly noticeEveryMs: number
  readonly onNote: (text: string) => void
}

/** Node fires a timer of more than 2^31-1 ms at once. */
const longestTimerMs = 2_147_483_647

/** Watches for whatever makes an agent leave; the first to come counts. */
export class Departures {
  private readonly options: DepartureOptions
  private readonly stopping = new AbortController()
  private readonly decided: Promise<Departure>
  private decide: (departure: Departure) => void = () => undefined
  private lifetimeTimer: NodeJS.Timeout | undefined
  private idleTimer: NodeJS.Timeout | undefined
  private isWatching = false
  private busyNow = 0

  constructor(options: DepartureOptions) {
    this.options = options
    this.decided = new Promise((resolve) => {
      this.decide = resolve
    })
  }

  /** Begins to watch; the lifetime, and having nothing to do, count from here. */
  async first(told: AbortSignal): Promise<Departure> {
    const { maxLifetimeMs, notices, noticeEveryMs: everyMs, onNote } = this.options
    const onTold = () => {
      this.decide({ cause: 'told', reason: 'asked to stop', at: null })
    }
    if (told.aborted) onTold()
    told.addEventListener('abort', onTold)
    this.isWatching = true
    this.lifetimeTimer = timerOf(maxLifetimeMs, (seconds) => {
      this.decide({ cause: 'lifetime', reason: `served for ${seconds} s, its longest lifetime`, at: null })
    })
    this.busy(this.busyNow)
    void watchNotices(notices, { everyMs, signal: this.stopping.signal, onTrouble: onNote }).then(({ reason, at }) => {
      this.decide({ cause: 'notice', reason, at })
    })
    try {
      return await this.decided
    } finally {
      told.removeEventListener('abort', onTold)
      this.stop()
    }
  }

  /** How many tasks are in hand now. */
  busy(tasks: number): void {
    this.busyNow = tasks
    clearTimeout(this.idleTimer)
    if (tasks > 0 || !this.isWatching) return
    this.idleTimer = timerOf(this.options.idleExitMs, (seconds) => {
      this.decide({ cause: 'idle', reason: `no task for ${seconds} s`, at: null })
    })
  }

  /** Stops watching. Idempotent. */
  stop(): void {
    this.isWatching = false
    this.stopping.abort()
    clearTimeout(this.idleTimer)
    clearTimeout(this.lifetimeTimer)
  }
}

function timerOf(ms: number | undefined, onTime: (seconds: number) => void): NodeJS.Timeout | undefined {
  if (ms === undefined) return undefined
  return setTimeout(
    () => {
      onTime(ms / 1000)
    },
    Math.min(ms, longestTimerMs),
  )
}
