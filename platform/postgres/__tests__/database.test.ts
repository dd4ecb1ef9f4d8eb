import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { exampleManifest } from '#core/registry/testing'
import { Database, openDatabase, PostgresModelRegistry, PostgresRunStore } from '#platform/postgres'
import { postmasterOf } from './bullpen-process.ts'

const home = mkdtempSync(join(tmpdir(), 'bullpen-database-'))
const open = (): Promise<Database> => openDatabase({ home, onNote: () => undefined })
let database: Database

beforeAll(async () => {
  database = await open()
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true })
})

test('several processes may migrate at once, and an up-to-date schema is left alone', async () => {
  await database.query('DROP SCHEMA bullpen CASCADE')
  const others = await Promise.all([open(), open(), open()])
  const files = readdirSync('platform/postgres/migrations').sort()
  expect(await database.query("SELECT name || '.sql' AS name FROM bullpen.schema_migrations ORDER BY name")).toEqual(
    files.map((name) => ({ name })),
  )
  await Promise.all(others.map((other) => other.close()))
})

test('a registry newer than the code is refused with both versions', async () => {
  await database.query("INSERT INTO bullpen.schema_migrations (name, run_on) VALUES ('0042_future', now())")
  await expect(open()).rejects.toMatchObject({
    code: 'REGISTRY_NEWER',
    details: { registryVersion: 42, codeVersion: expect.any(Number) as unknown },
  })
  await database.query("DELETE FROM bullpen.schema_migrations WHERE name = '0042_future'")
})

test('every table says what it is for', async () => {
  const silent = await database.query(
    `SELECT relname FROM pg_class WHERE relnamespace = 'bullpen'::regnamespace AND relkind = 'r'
     AND obj_description(oid) IS NULL AND relname <> 'schema_migrations'`,
  )
  expect(silent).toEqual([])
})

test('a transaction that throws leaves nothing', async () => {
  const work = database.transaction(async (query) => {
    await query('CREATE TABLE half_done (x integer)')
    throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  expect(await database.query("SELECT to_regclass('half_done') AS name")).toEqual([{ name: null }])
})

test('a statement that is not answered in time is given up, with its connection, and the next one gets another', async () => {
  const [address] = await database.query<{ host: string; user: string; database: string }>(
    `SELECT btrim(current_setting('unix_socket_directories'), '"') AS host, current_user AS user, current_database() AS database`,
  )
  const impatient = new Database('an impatient pool', { ...address, answerMs: 200, max: 1 })
  try {
    const lost = { code: 'DATABASE_UNAVAILABLE', details: { reason: 'Query read timeout' } }
    await expect(impatient.query('SELECT pg_sleep(60)')).rejects.toMatchObject(lost)
    const work = impatient.transaction((query) => query('SELECT pg_sleep(60)'))
    await expect(work).rejects.toMatchObject(lost)
    expect(await impatient.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  } finally {
    await impatient.close()
    await database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
    )
  }
})

test.each([
  'UPDATE bullpen.model_versions SET created_at = now()',
  'DELETE FROM bullpen.model_versions',
  'TRUNCATE bullpen.model_versions CASCADE',
  'DELETE FROM bullpen.alias_moves',
  "UPDATE bullpen.alias_moves SET reason = ''",
  "UPDATE bullpen.runs SET spec = '{}'",
  'UPDATE bullpen.candles SET close = 0',
  "UPDATE bullpen.verdicts SET verdict = 'buy'",
  'DELETE FROM bullpen.verdicts',
])('%s is refused', async (sql) => {
  await new PostgresModelRegistry(database).publish(exampleManifest('immutable'))
  await expect(database.query(sql)).rejects.toThrow(/immutable/)
})

test('a connection lost while idle is replaced without notice', async () => {
  await Promise.all([1, 2, 3].map((n) => database.query('SELECT pg_sleep(0), $1::int AS n', [n])))
  await database.withClient((client) =>
    client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'),
  )
  // The pool may learn of a loss only when it uses the connection; then the statement is retryable.
  const answer = await database.query('SELECT 1 AS one').catch((error: unknown) => error)
  if (answer instanceof Error) expect(answer).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
  expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a database reached by its address is shared, not owned', async () => {
  const url = `postgres://bullpen@localhost/postgres?host=${encodeURIComponent(join(home, 'postgres'))}`
  const other = await openDatabase({ url, home: '/nowhere', onNote: () => undefined })
  await other.query('SELECT 1')
  await other.close()
  expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('an address nobody answers at is unavailable, and its password is not shown', async () => {
  const opening = openDatabase({ url: 'postgres://me:secret@127.0.0.1:1/db', home, onNote: () => undefined })
  const error: unknown = await opening.catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', details: { database: 'postgres://127.0.0.1:1/db' } })
  expect(JSON.stringify(error)).not.toContain('secret')
})

test('who can do without the database opens it while it is away, and has it when it is back', async () => {
  const url = `postgres://bullpen@localhost/postgres?host=${encodeURIComponent(join(home, 'postgres'))}`
  await database.close()
  const notes: string[] = []
  const other = await openDatabase({ url, home, onNote: (note) => notes.push(note), whenAway: 'go-on' })
  const unavailable = { code: 'DATABASE_UNAVAILABLE', retryable: true }
  await expect(other.query('SELECT 1')).rejects.toMatchObject(unavailable)
  await expect(openDatabase({ url, home, onNote: () => undefined })).rejects.toMatchObject(unavailable)
  database = await open()
  while (notes.length < 2) await database.query('SELECT 1')
  expect(notes).toEqual([expect.stringMatching(/: going on without it$/), expect.stringMatching(/is back$/)])
  expect(await other.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  await other.close()
})

test('a server that dies in use makes what runs and what follows unavailable, and closing still works', async () => {
  const runs = new PostgresRunStore(database)
  await runs.create('r1', {})
  const sleeping = database.query('SELECT pg_sleep(60)')
  const working = database.transaction(async (query) => {
    await query("SELECT pg_notify('started', '')")
    await query('SELECT pg_sleep(60)')
  })
  await database.query('SELECT 1')
  process.kill(postmasterOf(home)!, 'SIGQUIT')
  const unavailable = { code: 'DATABASE_UNAVAILABLE', retryable: true }
  await expect(sleeping).rejects.toMatchObject(unavailable)
  await expect(working).rejects.toMatchObject(unavailable)
  await expect(runs.transition('r1', 'failed')).rejects.toMatchObject(unavailable)
  await expect(runs.recordTask('r1', 'k', 1)).rejects.toMatchObject(unavailable)
  await expect(new PostgresModelRegistry(database).publish(exampleManifest('x'))).rejects.toMatchObject(unavailable)
  await database.close()
  database = await open()
  expect(await new PostgresRunStore(database).get('r1')).toMatchObject({ state: 'created' })
})
