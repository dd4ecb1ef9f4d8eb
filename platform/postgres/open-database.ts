import { join, resolve } from 'node:path'
import { BullpenError } from '#core/errors'
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
}

/**
 * Opens the database and brings its schema up to date. Always `close` it: an embedded server runs until the last
 * process that uses it has closed (one whose process was killed is taken over by the next).
 *
 * @throws DATABASE_UNAVAILABLE, REGISTRY_NEWER
 */
export async function openDatabase({ url, home, onNote }: OpenDatabaseOptions): Promise<Database> {
  const database = url === undefined ? await openEmbedded(resolve(home), onNote) : openRemote(url)
  try {
    await migrate(database)
    return database
  } catch (error) {
    await database.close()
    throw openFailure(error, database.describe)
  }
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
  const reason = error instanceof Error ? error.message : String(error)
  if (/No space left on device|ENOSPC|EDQUOT/.test(reason)) {
    return new BullpenError('DISK_FULL', { path: database }, { cause: error })
  }
  if (error instanceof BullpenError) return error
  return new BullpenError('DATABASE_UNAVAILABLE', { database, reason }, { cause: error })
}

function openRemote(url: string): Database {
  return new Database(withoutPassword(url), { connectionString: url, application_name: connectionName() })
}

function withoutPassword(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url)
    return `${protocol}//${host}${pathname}`
  } catch {
    return 'DATABASE_URL'
  }
}
