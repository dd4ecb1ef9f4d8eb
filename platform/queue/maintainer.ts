import { randomUUID } from 'node:crypto'
import type { Route, TaskLedger, WaitingTask } from '#core/protocol'
import { pause } from '#platform/attempts'
import type { Telling } from './batch-tasks.ts'
import { publishHints } from './hint-channel.ts'
import type { RedisLink } from './redis-link.ts'
import type { Teller } from './teller.ts'

export interface MaintainerOptions {
  readonly ledger: TaskLedger
  readonly route: Route
  readonly link: RedisLink
  readonly teller: Teller
  readonly onNote: (text: string) => void
  /** How often it looks, ms. */
  readonly everyMs: number
  /** Tasks that have waited this long since they were told are told again if no job names them, ms. */
  readonly retellAfterMs: number
  /** Threads of this process's consumers. */
  readonly ownThreads: () => number
}

/** Tasks told again in one go. */
const pageSize = 5000

/**
 * Keeps queue and ledger in step, in every process that has the queue open; a lock in Redis makes one of them do what
 * one can do for all. It ends lapsed leases, counts threads, and tells again what the queue has lost:
 *
 * - Redis holds an epoch key as long as it keeps its data. Who finds it missing tells every waiting task of the route.
 * - Redis was away, or refused something: what waits and is named by no job is told.
 * - Otherwise what was told more than `retellAfterMs` ago and is named by no job.
 */
export class Maintainer {
  readonly #options: MaintainerOptions
  readonly #id = randomUUID()
  readonly #stopped = new AbortController()
  readonly #running: Promise<void>
  #threads = 0
  #isBack = false
  #nextWithoutRedis = 0

  constructor(options: MaintainerOptions) {
    this.#options = options
    options.link.onBack(() => {
      this.#isBack = true
    })
    this.#running = this.#run()
  }

  /** Threads that serve the route, as of the last look. */
  get threads(): number {
    return this.#threads
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped
    const { everyMs } = this.#options
    while (!signal.aborted) {
      // Whatever is away, the next look finds it back.
      await this.#look().catch(() => undefined)
      await pause(everyMs * (0.9 + 0.2 * Math.random()), signal)
    }
  }

  async #look(): Promise<void> {
    const { link, ledger, everyMs } = this.#options
    if (!link.isUp) {
      if (performance.now() < this.#nextWithoutRedis) return
      this.#nextWithoutRedis = performance.now() + 5 * everyMs
      await ledger.expire() // polls find what ended by it
      return
    }
    const { isNewData, isFirst } = await this.#ask()
    if (isNewData || this.#isBack || this.#options.teller.missed) await this.#retellAll(isNewData)
    if (!isFirst) return
    await publishHints(link, await ledger.expire())
    await this.#retellOld()
  }

  /** One round trip: the epoch, the lock, and the threads of everybody. */
  async #ask(): Promise<{ isNewData: boolean; isFirst: boolean }> {
    const { link, route, everyMs, ownThreads } = this.#options
    const { client } = link
    const [epochKey, lockKey, threadsKey] = ['epoch', 'maintainer', 'threads'].map((name) => `bullpen-${name}:${route}`)
    const own = ownThreads()
    const now = Date.now()
    const replies = await client
      .pipeline()
      .set(epochKey!, this.#id, 'NX')
      .set(lockKey!, this.#id, 'PX', Math.max(1, Math.floor(everyMs * 0.8)), 'NX')
      .hset(threadsKey!, this.#id, `${own} ${now}`)
      .hgetall(threadsKey!)
      .exec()
    const [epoch, lock, , everybody] = (replies ?? []).map(([error, reply]) => (error ? undefined : reply))
    await this.#countThreads(threadsKey!, (everybody ?? {}) as Record<string, string>, now)
    // A full Redis refuses SET: then there is no epoch to be had, and nothing to be told either.
    return { isNewData: epoch === 'OK', isFirst: lock === 'OK' || lock === undefined }
  }

  /** Clocks of machines differ: what is a minute old by this one's is taken for gone. */
  async #countThreads(key: string, everybody: Record<string, string>, now: number): Promise<void> {
    const gone: string[] = []
    let threads = 0
    for (const [id, text] of Object.entries(everybody)) {
      const [count, at] = text.split(' ').map(Number)
      if (now - at! > 60_000) gone.push(id)
      else threads += count!
    }
    this.#threads = threads
    if (gone.length > 0) await this.#options.link.client.hdel(key, ...gone)
  }

  /** Everything that waits: all of it when Redis has new data, otherwise what no job names. */
  async #retellAll(isNewData: boolean): Promise<void> {
    const { ledger, route, teller, link, onNote } = this.#options
    const isBack = this.#isBack
    const wasMissed = teller.missed
    this.#isBack = false
    teller.clearMissed()
    const held = isNewData ? new Set<string>() : await teller.heldIds()
    const started = performance.now()
    const seen = new Set<string>()
    let told = 0
    for (;;) {
      // Each page counts as told, so the next one is what was not told since the start (give or take a round trip).
      const olderThanMs = Math.floor(performance.now() - started)
      const page = await ledger.waiting(route, { olderThanMs, limit: pageSize })
      const missing = page.filter(({ id }) => !seen.has(id) && !held?.has(id))
      for (const { id } of page) seen.add(id)
      told += await teller.tell(missing.map(tellingOf), { threads: this.#threads, isAgain: true })
      if (page.length < pageSize || missing.length === 0 || teller.missed) break
    }
    if (isBack) onNote(`Redis at ${link.describe} is back: ${told} tasks told again`)
    else if (isNewData && told > 0) onNote(`Redis at ${link.describe} has lost its data: ${told} tasks told again`)
    else if (wasMissed && told > 0) onNote(`${told} tasks told again`)
  }

  async #retellOld(): Promise<void> {
    const { ledger, route, teller, retellAfterMs } = this.#options
    const old = await ledger.waiting(route, { olderThanMs: retellAfterMs, limit: pageSize })
    if (old.length === 0) return
    const held = await teller.heldIds()
    // With more on the queue than is read, what was never tried can wait; what came back from a worker is told.
    const missing = old.filter(({ id, attempts }) => (held ? !held.has(id) : attempts > 0))
    if (missing.length > 0) await teller.tell(missing.map(tellingOf), { threads: this.#threads, isAgain: true })
  }
}

function tellingOf({ id, kind, priority, attempts, suspect }: WaitingTask): Telling {
  return { id, kind, priority, attempts, isSuspect: suspect }
}
