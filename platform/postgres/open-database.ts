import { resolve } from 'node:path'
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
    throw error
  }
}

async function openEmbedded(home: string, onNote: (text: string) => void): Promise<Database> {
  const name = connectionName()
  const lease = await EmbeddedLease.attach(home, name, onNote)
  return new Database(
    `embedded PostgreSQL under ${home}/postgres`,
    { ...lease.address, application_name: name },
    {
      connect: () => void lease.renew().catch(() => undefined),
      closed: () => lease.leave(),
    },
  )
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
