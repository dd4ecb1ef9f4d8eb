import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BullpenError } from '#core/errors'
import type { Database } from './database.ts'

const migrationsTable = 'schema_migrations'

/**
 * Brings the schema `bullpen` up to the newest numbered file of `migrations/`. Forward only: a file that has been
 * released is never edited. Several processes may call this at once; an advisory lock lets one work.
 *
 * @throws REGISTRY_NEWER when the database has migrations this code does not know.
 */
export async function migrate(database: Database, folder: string = migrationsFolder()): Promise<void> {
  const known = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length))
    .sort()
  const applied = await appliedMigrations(database)
  const registryVersion = Math.max(0, ...applied.map(versionOf))
  const codeVersion = Math.max(0, ...known.map(versionOf))
  if (registryVersion > codeVersion) throw new BullpenError('REGISTRY_NEWER', { registryVersion, codeVersion })
  if (known.every((name) => applied.includes(name))) return

  // Loaded only when there is something to do: it takes 0.1 s.
  const { runner } = await import('node-pg-migrate')
  await database.withClient((dbClient) =>
    runner({
      dbClient,
      dir: folder,
      direction: 'up',
      migrationsTable,
      migrationsSchema: 'bullpen',
      createMigrationsSchema: true,
      singleTransaction: true,
      advisoryLockMode: 'wait',
      log: () => undefined,
    }),
  )
}

async function appliedMigrations(database: Database): Promise<string[]> {
  const [table] = await database.query<{ name: string | null }>('SELECT to_regclass($1)::text AS name', [
    `bullpen.${migrationsTable}`,
  ])
  if (table?.name === null || table === undefined) return []
  const rows = await database.query<{ name: string }>(`SELECT name FROM bullpen.${migrationsTable}`)
  return rows.map(({ name }) => name)
}

function versionOf(name: string): number {
  return Number.parseInt(name, 10)
}

/** SQL files are not compiled: from dist they are read where the source has them. */
function migrationsFolder(): string {
  const candidates = ['./migrations/', '../../../platform/postgres/migrations/']
  const folders = candidates.map((path) => fileURLToPath(new URL(path, import.meta.url)))
  return folders.find((folder) => existsSync(folder)) ?? folders[0]!
}
