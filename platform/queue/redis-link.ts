import { Redis, type RedisOptions } from 'ioredis'
import { BullpenError } from '#core/errors'
import { readRedisAddress, type RedisAddress, type RedisTls } from './redis-address.ts'

export interface RedisLinkOptions {
  readonly url: string
  readonly tls?: RedisTls | undefined
  /** Told once when Redis is lost. Who sees it come back says what was done about it. */
  readonly onNote: (text: string) => void
  /** How long opening may take, ms (default 5,000). */
  readonly connectTimeoutMs?: number | undefined
}

type Listener = (text: string) => void

/** A command that has no answer after this is given up (ms); all of ours may be repeated. */
const commandTimeoutMs = 5000

/**
 * One process's connections to one Redis: commands, and messages heard on channels. Losing Redis is waited out, for
 * ever; nothing that passes here is the only copy of anything.
 *
 *     opening --answered--> up <--connected again / connection lost--> away        any --close--> closed
 *        +--QUEUE_UNAVAILABLE
 */
export class RedisLink {
  readonly describe: string
  /** For BullMQ too, which makes its blocking connections after this one. */
  readonly client: Redis
  readonly #ears: Redis
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #back = new Set<() => void>()
  readonly #pending = new Set<(lost: Error) => void>()
  readonly #withoutSecrets: RedisAddress['withoutSecrets']
  #isAway = false
  #isClosed = false

  private constructor(address: RedisAddress, client: Redis, ears: Redis, onNote: (text: string) => void) {
    this.describe = address.describe
    this.#withoutSecrets = address.withoutSecrets
    this.client = client
    this.#ears = ears
    client.on('close', () => {
      for (const reject of this.#pending) reject(new Error('the connection was lost'))
      if (this.#isAway || this.#isClosed) return
      this.#isAway = true
      onNote(`Redis at ${this.describe} is unreachable: waiting`)
    })
    client.on('ready', () => {
      if (!this.#isAway) return
      this.#isAway = false
      for (const listener of this.#back) listener()
    })
    ears.on('message', (channel: string, text: string) => {
      for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener(text)
    })
  }

  /** Throws USAGE for an address that is none, QUEUE_UNAVAILABLE when Redis does not answer in time. */
  static async open({ url, tls, onNote, connectTimeoutMs = 5000 }: RedisLinkOptions): Promise<RedisLink> {
    const address = readRedisAddress(url, tls)
    await probe(address, connectTimeoutMs)
    const options: RedisOptions = {
      ...address.options,
      // As BullMQ demands; what must not wait for ever is bounded by commandTimeout.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2000),
      keepAlive: 10_000,
      disconnectTimeout: 200,
    }
    const client = new Redis({ ...options, commandTimeout: commandTimeoutMs })
    const ears = new Redis(options)
    for (const connection of [client, ears]) connection.on('error', () => undefined)
    const link = new RedisLink(address, client, ears, onNote)
    await Promise.all([client.ping(), ears.ping()])
    return link
  }

  get isUp(): boolean {
    return this.client.status === 'ready'
  }

  /** What `work` comes to, or a rejection as soon as Redis is lost; `work` may still take effect after that. */
  async orLost<T>(work: Promise<T>): Promise<T> {
    let forget: () => void = () => undefined
    const lost = new Promise<never>((_, reject) => {
      this.#pending.add(reject)
      forget = () => this.#pending.delete(reject)
    })
    return Promise.race([work, lost]).finally(forget)
  }

  /** Calls `listener` each time Redis is back after it was lost. */
  onBack(listener: () => void): void {
    this.#back.add(listener)
  }

  /** Hears a channel from when the promise resolves; messages sent while Redis is away are missed. */
  async subscribe(channel: string, listener: Listener): Promise<void> {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners)
    listeners.add(listener)
    if (listeners.size === 1) await this.#ears.subscribe(channel)
  }

  unsubscribe(channel: string, listener: Listener): void {
    const listeners = this.#listeners.get(channel)
    if (!listeners?.delete(listener) || listeners.size > 0) return
    this.#listeners.delete(channel)
    if (!this.#isClosed) this.#ears.unsubscribe(channel).catch(() => undefined)
  }

  /** Answers how many connections heard it: 0 while Redis is away. Never rejects. */
  async publish(channel: string, message: unknown): Promise<number> {
    if (!this.isUp) return 0
    return this.client.publish(channel, JSON.stringify(message)).catch(() => 0)
  }

  /** What an error of Redis says, without secrets. */
  reasonOf(error: unknown): string {
    return this.#withoutSecrets(error instanceof Error ? error.message : String(error))
  }

  close(): void {
    this.#isClosed = true
    this.client.disconnect()
    this.#ears.disconnect()
  }
}

/** Connects once, within the time given, and lets go. An error of ioredis carries the password: it is no cause here. */
async function probe({ describe, options, withoutSecrets }: RedisAddress, timeoutMs: number): Promise<void> {
  const client = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: timeoutMs,
    disconnectTimeout: 200,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  let first: Error | undefined
  client.on('error', (error: Error) => (first ??= error))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${timeoutMs} ms`))
    }, timeoutMs)
  })
  try {
    await Promise.race([client.connect().then(() => client.ping()), late])
  } catch (error) {
    const reason = withoutSecrets((first ?? (error as Error)).message || 'the connection was refused')
    throw new BullpenError('QUEUE_UNAVAILABLE', { queue: describe, reason })
  } finally {
    clearTimeout(timer)
    client.disconnect()
  }
}
