import { join, resolve } from 'node:path'
import { BullpenError } from '#core/errors'
import { Backoff } from '#platform/attempts'
import { Database } from './database.ts'
import { connectionName, EmbeddedLease } from './embedded/lease.ts'
import { migrate } from './migrate.ts'

export interface OpenDatabaseOptions {
  /** A `postgres://` address; without one a server of our own runs under `<home>/postgres`. */
  readonly url?: string | undefined
  /** BULLPEN_HOME. */
  readonly home: string
  /** Told what the user should know, e.g. that a server left by a killed process was taken over. */
  readonly onNote: (text: string) => void
  /**
   * What to do when the database at `url` is away: `fail` unless given, or `go-on`, for who can do without it for a while:
   * statements throw DATABASE_UNAVAILABLE until it is there, and then its schema is brought up to date.
   */
  readonly whenAway?: 'fail' | 'go-on'
}

/**
 * Opens the database and brings its schema up to date. Always `close` it: an embedded server runs until the last
 * process that uses it has closed (one whose process was killed is taken over by the next).
 *
 * @throws DATABASE_UNAVAILABLE, REGISTRY_NEWER
 */
export async function openDatabase({ url, home, onNote, whenAway }: OpenDatabaseOptions): Promise<Database> {
  const closed = new AbortController()
  const database = url === undefined ? await openEmbedded(resolve(home), onNote) : openRemote(url, closed)
  try {
    await migrate(database)
    return database
  } catch (error) {
    if (isAway(error) && whenAway === 'go-on') {
      onNote(`${messageOf(error)}: going on without it`)
      void migrateWhenBack(database, onNote, closed.signal)
      return database
    }
    await database.close()
    throw openFailure(error, database.describe)
  }
}

/** Tries again after pauses of 0.25 to 10 s, until the schema is up to date, cannot be, or nobody wants it any more. */
async function migrateWhenBack(database: Database, onNote: (text: string) => void, closed: AbortSignal): Promise<void> {
  const backoff = new Backoff({ firstMs: 250, longestMs: 10_000 })
  for (;;) {
    await backoff.wait(closed, { ref: false })
    if (closed.aborted) return
    try {
      await migrate(database)
      onNote(`the database ${database.describe} is back`)
      return
    } catch (error) {
      if (isAway(error)) continue
      onNote(messageOf(error))
      return
    }
  }
}

function isAway(error: unknown): boolean {
  return error instanceof BullpenError && error.code === 'DATABASE_UNAVAILABLE'
}

async function openEmbedded(home: string, onNote: (text: string) => void): Promise<Database> {
  const folder = join(home, 'postgres')
  const describe = `embedded PostgreSQL under ${folder}`
  const name = connectionName()
  let lease: EmbeddedLease
  try {
    lease = await EmbeddedLease.attach(folder, name, onNote)
  } catch (error) {
    throw openFailure(error, describe)
  }
  const options = { ...lease.address, application_name: name }
  return new Database(describe, options, {
    connect: () => void lease.renew().catch(() => undefined),
    closed: () => lease.leave(),
  })
}

/** Names what kept the database from opening; initdb and the server tell of a full disk in words only. */
function openFailure(error: unknown, database: string): BullpenError {
  const reason = messageOf(error)
  if (/No space left on device|ENOSPC|EDQUOT/.test(reason)) {
    return new BullpenError('DISK_FULL', { path: database }, { cause: error })
  }
  if (error instanceof BullpenError) return error
  return new BullpenError('DATABASE_UNAVAILABLE', { database, reason }, { cause: error })
}

function openRemote(url: string, closed: AbortController): Database {
  const options = { connectionString: url, application_name: connectionName() }
  return new Database(withoutPassword(url), options, {
    closed: () => {
      closed.abort()
      return Promise.resolve()
    },
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function withoutPassword(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url)
    return `${protocol}//${host}${pathname}`
  } catch {
    return 'DATABASE_URL'
  }
}
