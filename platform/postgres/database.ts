import pg from 'pg'
import { BullpenError } from '#core/errors'

/** Runs one statement and answers its rows. `int8` and `timestamptz` arrive as numbers, the latter as ms. */
export type Query = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

type Parse = (text: string) => unknown
const standardParser = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse
const parsers = new Map<number, Parse>([
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.TIMESTAMPTZ, (text) => Number(standardParser(pg.types.builtins.TIMESTAMPTZ)(text))],
])
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => parsers.get(oid) ?? standardParser(oid, format),
}

/**
 * Longest time that a statement may take to be answered, ms. A network that swallows packets says nothing for a quarter of
 * an hour; the longest statement that was seen, writing the features of 525,000 rows, takes seconds.
 */
const longestAnswerMs = 120_000

/**
 * A pool of connections to one PostgreSQL. A connection that breaks, idle or in use, never crashes the process: the
 * statement that needed it throws DATABASE_UNAVAILABLE (retryable), later statements open a new connection.
 */
export class Database {
  /** For messages; holds no password. */
  readonly describe: string
  readonly #pool: pg.Pool
  readonly #options: pg.PoolConfig
  readonly #answerMs: number
  readonly #onConnect: () => void
  readonly #afterClose: () => Promise<void>
  #closing: Promise<void> | null = null

  constructor(
    describe: string,
    { answerMs = longestAnswerMs, ...options }: pg.PoolConfig & { readonly answerMs?: number },
    on: { readonly connect?: () => void; readonly closed?: () => Promise<void> } = {},
  ) {
    this.describe = describe
    this.#afterClose = on.closed ?? (() => Promise.resolve())
    this.#onConnect = on.connect ?? (() => undefined)
    this.#answerMs = answerMs
    this.#options = { connectionTimeoutMillis: 15_000, keepAlive: true, ...options, types }
    this.#pool = new pg.Pool({ max: 8, ...this.#options })
    this.#pool.on('error', () => undefined)
    this.#pool.on('connect', (client) => {
      client.on('error', () => undefined)
      this.#onConnect()
    })
  }

  readonly query: Query = async <Row extends object>(sql: string, values: readonly unknown[] = []) => {
    try {
      return (await this.#pool.query<Row>(this.#statement(sql, values))).rows
    } catch (error) {
      throw this.#translate(error)
    }
  }

  /**
   * Runs `work` in one transaction: all it did is kept, or, when it throws, nothing. `first` is SQL without parameters
   * sent along with BEGIN, which saves a round trip.
   */
  async transaction<T>(work: (query: Query) => Promise<T>, first = ''): Promise<T> {
    return this.withClient(async (client) => {
      const query: Query = async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
        (await client.query<Row>(this.#statement(sql, values))).rows
      await client.query(this.#statement(`BEGIN; ${first}`))
      try {
        const result = await work(query)
        await client.query(this.#statement('COMMIT'))
        return result
      } catch (error) {
        // A connection that is given up is closed, and the server rolls back by itself.
        if (!isConnectionLost(error)) await client.query(this.#statement('ROLLBACK')).catch(() => undefined)
        throw error
      }
    })
  }

  /** Lends one connection, for what must happen on a single session. */
  async withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient | undefined
    let broken = false
    try {
      client = await this.#pool.connect()
      return await work(client)
    } catch (error) {
      broken = isConnectionLost(error)
      throw this.#translate(error)
    } finally {
      client?.release(broken)
    }
  }

  /**
   * A connection outside the pool, for what lasts, e.g. LISTEN: a statement on it fails unless it is answered within
   * 5 s. The caller ends it, before `close`.
   */
  async session(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#options, connectionTimeoutMillis: 5_000, query_timeout: 5_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch (error) {
      throw this.#translate(error)
    }
    this.#onConnect()
    return client
  }

  /** Closes the connections; the embedded server stops when this process was the last to use it. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.end().then(() => this.#afterClose())
    return this.#closing
  }

  #statement(text: string, values?: readonly unknown[]) {
    return { text, ...(values && { values: [...values] }), query_timeout: this.#answerMs }
  }

  #translate(error: unknown): unknown {
    if (error instanceof BullpenError) return error
    if (isConnectionLost(error)) {
      const details = { database: this.describe, reason: messageOf(error) }
      return new BullpenError('DATABASE_UNAVAILABLE', details, { cause: error })
    }
    if (codeOf(error) === '53100') return new BullpenError('DISK_FULL', { path: this.describe }, { cause: error })
    return error
  }
}

/** SQLSTATE of a server's error, or the system's code of a connection's; empty when it has none. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/** Connecting to a name with several addresses fails with one error for all, which has a code and no message. */
function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message
  return typeof message === 'string' && message !== '' ? message : codeOf(error)
}

const lostMessages = [
  /^Connection terminated/,
  /^Client has encountered a connection error/,
  /^timeout exceeded when trying to connect/,
  /^timeout expired/,
  /^Query read timeout/,
  /^Cannot use a pool after calling end/,
  /^Client was closed/,
]

/**
 * SQLSTATE classes 08 (connection), 28 (login) and 57P (the server was stopped), no such database, too many clients;
 * system errors; and texts of pg that carry no code.
 */
function isConnectionLost(error: unknown): boolean {
  if (/^(08...|28...|57P0.|3D000|53300|E[A-Z_]+)$/.test(codeOf(error))) return true
  return lostMessages.some((pattern) => pattern.test(messageOf(error)))
}
