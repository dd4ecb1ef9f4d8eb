import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { exampleModelColumns, exampleModelJson } from '#core/model/testing'
import { featureSet } from '#core/features'
import { exampleManifest } from '#core/registry/testing'
import { silentLogger } from '#platform/logging'
import { openDatabase, PostgresChangeFeed, PostgresModelRegistry, type Database } from '#platform/postgres'
import { join } from 'node:path'
import { readForestHere } from '../read-forest.ts'
import { ServiceEvents } from '../../events/service-events.ts'
import { bitcoin } from '../../series/__tests__/histories.ts'
import { ChampionHolder, ModelCache } from '../index.ts'
import { Stage } from './stage.ts'

const stage = new Stage()
const { objects } = stage
const open = (): Promise<Database> => openDatabase({ home: stage.home, onNote: () => undefined })
/** What a command in another process would use. */
let elsewhere: Database
let command: PostgresModelRegistry
const databases: Database[] = []
const holders: ChampionHolder[] = []
const told: string[] = []

beforeAll(async () => {
  elsewhere = await open()
  command = new PostgresModelRegistry(elsewhere)
  for (const run of ['one', 'two']) await publish(run)
  await promote(1)
})
afterAll(async () => {
  for (const holder of holders) await holder.close()
  for (const database of [...databases, elsewhere]) await database.close()
  await stage.close()
})

async function publish(run: string): Promise<void> {
  const set = featureSet('reference')
  const policy = { kind: 'argmax' } as const
  const contract = { featureSet: set.name, featureSetHash: set.hash, columns: exampleModelColumns, policy }
  const content = new TextEncoder().encode(JSON.stringify(exampleModelJson(run)))
  const model = { sha256: await objects.put(content), bytes: content.byteLength, format: 'xgboost-json' } as const
  await command.publish(exampleManifest(run, { contract, model }))
}

const promote = (version: number): Promise<unknown> =>
  command.moveAlias('champion', version, 'test', { override: { reason: 'test', by: 'test' } })

/** A replica that hears of moves from PostgreSQL only: it never looks by itself. */
async function replica(name: string): Promise<ChampionHolder> {
  const database = await open()
  databases.push(database)
  const events = new ServiceEvents()
  events.on((event) => {
    if (event.kind === 'model') told.push(`${name} answers with ${event.version}`)
  })
  const holder = new ChampionHolder(
    {
      registry: new PostgresModelRegistry(database),
      feed: new PostgresChangeFeed(database, { firstPauseMs: 5, longestPauseMs: 20 }),
      objects,
      book: await stage.book(),
      cache: new ModelCache(join(stage.home, name)),
      readForest: readForestHere,
      events,
      logger: silentLogger,
    },
    { pollMs: 1e9, firstPauseMs: 5, longestPauseMs: 20 },
  )
  holders.push(holder)
  await holder.start()
  return holder
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await nextTurn()
}

test('a promotion and a rollback made elsewhere reach every running replica', async () => {
  const replicas = [await replica('a'), await replica('b')]
  const all = (version: number) => (): boolean => replicas.every((each) => each.of(bitcoin).version === version)
  expect(all(1)()).toBe(true)
  await promote(2)
  await until(all(2))
  await command.rollback('champion', 'by hand')
  await until(all(1))
  for (const name of ['a', 'b']) {
    expect(told.filter((line) => line.startsWith(name))).toEqual(
      [1, 2, 1].map((version) => `${name} answers with ${version}`),
    )
  }
})

test('through a crash of the database the model answers, and moves are followed again when it is back', async () => {
  const holder = await replica('c')
  const [{ pid }] = (await elsewhere.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')) as [{ pid: number }]
  // A backend that dies makes the server end every connection and recover.
  process.kill(pid, 'SIGKILL')
  await until(() => holder.of(bitcoin).version === 1)
  const moved = async (): Promise<boolean> =>
    promote(2).then(
      () => true,
      () => false,
    )
  while (!(await moved()));
  await until(() => holder.of(bitcoin).version === 2)
})
