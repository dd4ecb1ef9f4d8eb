import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, realpathSync } from 'node:fs'
import { extname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { placeUnder, type Place } from './data-folder.ts'
import { withFolderLock } from './folder-lock.ts'
import { identify } from '#platform/processes'
import { findServer, startServer, stopServer, type Address } from './server.ts'

/**
 * One process's share in the embedded server of a folder.
 *
 *     absent --first attach--> running --attach / leave of others--> running --last leave--> absent
 *     running, its last user exits without leaving --its reaper--> absent
 *     running, its users killed --next attach--> running (taken over)
 *     killed --next attach--> running (recovers from its log)
 *
 * Every change of state happens under the folder's lock, so two processes that start at once end up sharing, and one
 * that joins while the last other leaves either finds the server running or starts it anew.
 *
 * The server itself counts its users: each keeps one idle connection, the lease, which the kernel closes however the
 * process ends. Who leaves and sees no connection of another process was the last.
 */
export class EmbeddedLease {
  readonly address: Address
  readonly #place: Place
  readonly #name: string
  #client: pg.Client | null = null
  #renewing: Promise<void> | null = null

  /** The process ends without having left: a process of its own sees to the server once this one is gone. */
  readonly #onExit = (): void => {
    const reaper = fileURLToPath(new URL(`./reaper${extname(import.meta.url)}`, import.meta.url))
    const args = [reaper, this.#place.folder, String(process.pid)]
    spawn(process.execPath, args, { detached: true, stdio: 'ignore' }).unref()
  }

  private constructor(place: Place, address: Address, name: string) {
    this.#place = place
    this.address = address
    this.#name = name
  }

  /**
   * Joins the server of `folder`, starting it when it does not run. `name` becomes the application name
   * of this process's connections.
   *
   * @throws DATABASE_UNAVAILABLE
   */
  static async attach(folder: string, name: string, onNote: (text: string) => void): Promise<EmbeddedLease> {
    const place = openPlace(folder)
    return withFolderLock(place.locks, async () => {
      const found = await findServer(place)
      const lease = new EmbeddedLease(place, found ?? (await startServer(place, onNote)), name)
      await lease.renew()
      process.once('exit', lease.#onExit)
      if (found !== null && (await lease.#isAlone())) onNote('took over the database a killed process had left running')
      return lease
    })
  }

  /** Joins the server if one runs; null, and nothing is started, when none does. */
  static async join(folder: string, name: string): Promise<EmbeddedLease | null> {
    const place = openPlace(folder)
    return withFolderLock(place.locks, async () => {
      const found = await findServer(place)
      if (found === null) return null
      const lease = new EmbeddedLease(place, found, name)
      await lease.renew()
      return lease
    })
  }

  /** Connects again if the server dropped the lease, which it does when one of its backends crashes. */
  renew(): Promise<void> {
    this.#renewing ??= this.#connect().finally(() => (this.#renewing = null))
    return this.#renewing
  }

  async #connect(): Promise<void> {
    if (this.#client !== null) return
    const client = new pg.Client({ ...this.address, application_name: this.#name, keepAlive: true })
    client.on('error', () => undefined)
    client.on('end', () => {
      if (this.#client === client) this.#client = null
    })
    await client.connect()
    this.#client = client
  }

  /** Gives up this process's share and stops the server when nobody else has one. Its pools must be closed before. */
  async leave(): Promise<void> {
    process.off('exit', this.#onExit)
    await withFolderLock(this.#place.locks, async () => {
      let last = false
      try {
        await this.renew()
        last = await this.#isAlone()
      } catch {
        // The server is gone or going: there is nothing to give up, and the next process clears what is left.
      }
      const client = this.#client
      this.#client = null
      await client?.end().catch(() => undefined)
      if (last) await stopServer(this.#place)
    })
  }

  /**
   * Whether no other process is connected. The connection of a process killed a moment ago may still show, so while
   * all others look dead this waits for the server to notice; one that stays belongs to another container.
   */
  async #isAlone(): Promise<boolean> {
    const deadline = Date.now() + 2_000
    for (;;) {
      const others = await this.#others()
      if (others.length === 0) return true
      if (others.some((name) => identify(pidOf(name)) !== null) || Date.now() > deadline) return false
      await delay(20)
    }
  }

  async #others(): Promise<string[]> {
    const { rows } = await this.#client!.query<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity
       WHERE application_name LIKE 'bullpen %' AND application_name <> $1`,
      [this.#name],
    )
    return rows.map(({ name }) => name)
  }
}

/** What is in the folder, by its one true name: processes may reach it by different links. */
function openPlace(folder: string): Place {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return placeUnder(realpathSync(folder))
}

/** A name for this process's connections, in this form so that others can tell whether the process still lives. */
export function connectionName(): string {
  return `bullpen ${process.pid} ${randomBytes(4).toString('hex')}`
}

function pidOf(name: string): number {
  return Number(name.split(' ')[1])
}
