import { formatTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { SeriesKey } from '../ports.ts'

/** Runs the work on each series one after the other, in the order it was asked for; series do not wait for each other. */
export class InOrder {
  readonly #limit: number
  readonly #lines = new Map<string, { last: Promise<unknown>; waiting: number }>()
  #closed = false

  /** `limit`: how much work may wait on one series. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** What `work` answers. Throws SERIES_BUSY when too much waits, INTERRUPTED when closed. */
  async run<T>({ symbol, widthMs }: SeriesKey, work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new BullpenError('INTERRUPTED', { reason: 'the service is stopping' })
    const name = `${widthMs} ${symbol}`
    const line = this.#lines.get(name) ?? { last: Promise.resolve(), waiting: 0 }
    this.#lines.set(name, line)
    if (line.waiting >= this.#limit) {
      throw new BullpenError('SERIES_BUSY', { symbol, timeframe: formatTimeframe(widthMs), waiting: line.waiting })
    }
    line.waiting += 1
    const done = line.last.then(work)
    line.last = done.catch(() => undefined)
    try {
      return await done
    } finally {
      line.waiting -= 1
    }
  }

  /** Takes no more work; resolves when the last has ended. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#lines.values()].map(({ last }) => last))
  }
}
