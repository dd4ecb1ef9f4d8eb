import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { describeChangeFeed, exampleDecision, exampleManifest, firstVersion } from '#core/registry/testing'
import { openDatabase, PostgresChangeFeed, PostgresModelRegistry, type Database } from '#platform/postgres'
import { postmasterOf } from './bullpen-process.ts'

const home = mkdtempSync(join(tmpdir(), 'bullpen-feed-'))
const open = (): Promise<Database> => openDatabase({ home, onNote: () => undefined })
const quick = { firstPauseMs: 5, longestPauseMs: 50 }
let database: Database

beforeAll(async () => {
  database = await open()
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true })
})

describeChangeFeed('PostgresChangeFeed', () =>
  Promise.resolve({
    feed: new PostgresChangeFeed(database),
    change: async (topic) => {
      await database.query(`NOTIFY bullpen_${topic}`)
    },
    close: () => undefined,
  }),
)

/** Watches aliases; `next` resolves at the next word of a change. */
async function watchAliases(options = quick): Promise<{ next: () => Promise<void>; end: () => Promise<void> }> {
  let wake = (): void => undefined
  const end = await new PostgresChangeFeed(database, options).watch('aliases', () => {
    wake()
  })
  return { next: () => new Promise((resolve) => (wake = resolve)), end }
}

const listeners = `SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN bullpen_aliases%' OR query = 'SELECT'`

test('a publication with an alias, a promotion and a rollback are told once they are committed', async () => {
  const registry = new PostgresModelRegistry(database)
  const feed = await watchAliases()
  const champion = async (): Promise<number | undefined> => (await registry.resolve('champion'))?.version
  const moves = [
    () => registry.publish(exampleManifest('a'), { decision: firstVersion }),
    () => registry.publish(exampleManifest('b'), { decision: exampleDecision(1) }),
    () => registry.rollback('champion', ''),
  ]
  const seen: (number | undefined)[] = []
  for (const move of moves) {
    const told = feed.next().then(champion)
    await move()
    seen.push(await told)
  }
  expect(seen).toEqual([1, 2, 1])
  await feed.end()
})

test('a connection that was cut is made again, word is given once, and changes are heard as before', async () => {
  const feed = await watchAliases()
  const reconnected = feed.next()
  expect(await database.query(`SELECT pg_terminate_backend(pid) FROM (${listeners}) AS l`)).toHaveLength(1)
  await reconnected
  const changed = feed.next()
  await database.query('NOTIFY bullpen_aliases')
  await changed
  await feed.end()
  expect(await database.query(listeners)).toEqual([])
})

test('watching begins while the database is away, and word is given when it listens', async () => {
  process.kill(postmasterOf(home)!, 'SIGQUIT')
  await database.query('SELECT pg_sleep(60)').catch(() => undefined)
  const feed = await watchAliases()
  const listening = feed.next()
  const returned = await open()
  await listening
  await feed.end()
  await database.close()
  database = returned
})

test('the heartbeat keeps a quiet connection', async () => {
  const feed = await watchAliases({ ...quick, heartbeatMs: 1 } as typeof quick)
  const beaten = async (): Promise<boolean> =>
    (await database.query(`SELECT FROM pg_stat_activity WHERE query = 'SELECT' AND application_name LIKE 'bullpen %'`))
      .length > 0
  while (!(await beaten())) await database.query('SELECT 1')
  const changed = feed.next()
  await database.query('NOTIFY bullpen_aliases')
  await changed
  await feed.end()
})
