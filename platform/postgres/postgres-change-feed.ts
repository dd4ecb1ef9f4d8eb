import type pg from 'pg'
import type { ChangeFeed, ChangeTopic } from '#core/registry'
import { Backoff } from '#platform/attempts'
import type { Database } from './database.ts'

/** Times in ms. */
export interface ChangeFeedOptions {
  /** First pause before connecting again; doubles up to `longestPauseMs`. */
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** How often the connection is asked for a sign of life: one cut without a word would otherwise look idle for hours. */
  readonly heartbeatMs: number
}

const defaults: ChangeFeedOptions = { firstPauseMs: 100, longestPauseMs: 10_000, heartbeatMs: 15_000 }

/** Channels that triggers notify, each in the transaction of the change. */
const channels: Readonly<Record<ChangeTopic, string>> = { candles: 'bullpen_candles', aliases: 'bullpen_aliases' }

/** Changes told by PostgreSQL's NOTIFY. Each watch has a connection of its own, outside the pool. */
export class PostgresChangeFeed implements ChangeFeed {
  readonly #database: Database
  readonly #options: ChangeFeedOptions

  constructor(database: Database, options: Partial<ChangeFeedOptions> = {}) {
    this.#database = database
    this.#options = { ...defaults, ...options }
  }

  async watch(topic: ChangeTopic, onChange: () => void): Promise<() => Promise<void>> {
    const watch = new Watch(this.#database, channels[topic], onChange, this.#options)
    await watch.connect()
    return () => watch.end()
  }
}

/**
 * One listening connection.
 *
 *     connecting --LISTEN answered--> listening --lost, or no sign of life--> pausing --pause over--> connecting
 *     connecting --refused--> pausing
 *     any --end--> ended
 */
class Watch {
  readonly #database: Database
  readonly #channel: string
  readonly #onChange: () => void
  readonly #options: ChangeFeedOptions
  #client: pg.Client | null = null
  #connecting: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined
  readonly #backoff: Backoff
  #isBehind = false
  #ended = false

  constructor(database: Database, channel: string, onChange: () => void, options: ChangeFeedOptions) {
    this.#database = database
    this.#channel = channel
    this.#onChange = onChange
    this.#options = options
    this.#backoff = new Backoff({ firstMs: options.firstPauseMs, longestMs: options.longestPauseMs })
  }

  connect(): Promise<void> {
    this.#connecting = this.#database.session().then(
      (client) => this.#listen(client),
      () => {
        this.#pause()
      },
    )
    return this.#connecting
  }

  async end(): Promise<void> {
    this.#ended = true
    clearTimeout(this.#timer)
    await this.#connecting
    await this.#client?.end().catch(() => undefined)
  }

  async #listen(client: pg.Client): Promise<void> {
    this.#client = client
    if (this.#ended) return
    client.once('end', () => {
      this.#lose(client)
    })
    client.on('notification', () => {
      this.#tell()
    })
    try {
      await client.query(`LISTEN ${this.#channel}`)
    } catch {
      this.#lose(client)
      return
    }
    this.#backoff.reset()
    this.#awaitHeartbeat(client)
    // What happened meanwhile was told to nobody.
    if (this.#isBehind) this.#tell()
    this.#isBehind = false
  }

  #tell(): void {
    if (!this.#ended) this.#onChange()
  }

  #awaitHeartbeat(client: pg.Client): void {
    this.#schedule(this.#options.heartbeatMs, () => {
      client.query('SELECT').then(
        () => {
          if (this.#client === client) this.#awaitHeartbeat(client)
        },
        () => {
          this.#lose(client)
        },
      )
    })
  }

  #lose(client: pg.Client): void {
    if (this.#client !== client) return
    this.#client = null
    void client.end().catch(() => undefined)
    this.#pause()
  }

  #pause(): void {
    this.#isBehind = true
    this.#schedule(this.#backoff.next(), () => void this.connect())
  }

  #schedule(ms: number, work: () => void): void {
    clearTimeout(this.#timer)
    if (!this.#ended) this.#timer = setTimeout(work, ms).unref()
  }
}
