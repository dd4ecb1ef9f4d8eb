import { threadMicroseconds } from './thread-time.ts'

/** One stretch in which the event loop took no turn. */
export interface LoopHold {
  readonly ms: number
  /** Of that, how long the thread ran: the rest of the time the machine was busy with somebody else. */
  readonly ranMs: number
}

/** Looks every two milliseconds, as far as it is let, for how long the event loop of this thread took no turn. */
export class LoopHolds {
  readonly #holds: LoopHold[] = []
  #timer: NodeJS.Timeout | undefined

  start(): void {
    let [at, ran] = [performance.now(), threadMicroseconds()]
    this.#timer = setInterval(() => {
      const [now, ranNow] = [performance.now(), threadMicroseconds()]
      this.#holds.push({ ms: now - at, ranMs: (ranNow - ran) / 1000 })
      ;[at, ran] = [now, ranNow]
    }, 2)
  }

  /** All of them, longest last by the time the thread itself ran. */
  stop(): readonly LoopHold[] {
    clearInterval(this.#timer)
    return this.#holds.toSorted((a, b) => a.ranMs - b.ranMs)
  }
}
