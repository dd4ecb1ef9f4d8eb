import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ownRoute, type AttemptReport, type TaskLease } from '#core/protocol'
import { exampleResult, exampleTask } from '#core/protocol/testing'
import { openDatabase, PostgresRunStore, PostgresTaskLedger, type Database } from '#platform/postgres'
import { postmasterOf } from './bullpen-process.ts'

const home = mkdtempSync(join(tmpdir(), 'bullpen-ledger-'))
const route = ownRoute('test')
const unavailable = { code: 'DATABASE_UNAVAILABLE', retryable: true }
const onNote = (): void => undefined
let database: Database

beforeAll(async () => {
  database = await openDatabase({ home, onNote })
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true })
})

const lease = async (ledger: PostgresTaskLedger, key: string): Promise<TaskLease> => {
  await ledger.add([exampleTask('run', key)], route)
  return (await ledger.lease({ ids: [`run/${key}`], route, worker: 'w', ttlMs: 60_000 }))[0]!
}
const ok = ({ token }: TaskLease): AttemptReport => {
  return { token, startedAt: 1, finishedAt: 2, ok: true, result: exampleResult() }
}

/** The database behind a wire that can be told to break when the answer to the next COMMIT comes. */
async function breakableWire() {
  const sockets = new Set<Socket>()
  let isArmed = false
  const server = createServer((near) => {
    const far = connect(join(home, 'postgres', '.s.PGSQL.5432'))
    let isCommitting = false
    near.on('data', (bytes) => {
      isCommitting = isArmed && bytes.includes('COMMIT')
      far.write(bytes)
    })
    far.on('data', (bytes) => {
      if (!isCommitting) return near.write(bytes)
      isArmed = false
      near.destroy()
      return false
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `postgres://bullpen@127.0.0.1:${(server.address() as AddressInfo).port}/postgres`,
    breakAtCommit: () => {
      isArmed = true
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

test('a call whose answer is lost after it took effect may be made again', async () => {
  await new PostgresRunStore(database).create('run', {})
  const wire = await breakableWire()
  const other = await openDatabase({ url: wire.url, home, onNote })
  const ledger = new PostgresTaskLedger(other)

  wire.breakAtCommit()
  await expect(ledger.add([exampleTask('run', 'a')], route)).rejects.toMatchObject(unavailable)
  expect(await ledger.add([exampleTask('run', 'a')], route)).toEqual([])

  const leased = await lease(ledger, 'a')
  wire.breakAtCommit()
  await expect(ledger.report([ok(leased)])).rejects.toMatchObject(unavailable)
  expect(await ledger.report([ok(leased)])).toEqual(['finished'])
  expect(await ledger.outcomes('run', ['run/a'])).toMatchObject([{ ok: true, attempts: 1, recorded: true }])

  // Who lost the answer to a lease never learns its token: the lease lapses.
  await ledger.add([exampleTask('run', 'b')], route)
  wire.breakAtCommit()
  const request = { ids: ['run/b'], route, worker: 'w', ttlMs: 1 }
  await expect(ledger.lease(request)).rejects.toMatchObject(unavailable)
  expect(await ledger.lease(request)).toEqual([])
  await other.close()
  await wire.close()
})

test('what was reported survives a crash of the database, and a lease that was lost with it is fenced', async () => {
  const ledger = new PostgresTaskLedger(database)
  const done = await lease(ledger, 'done')
  expect(await ledger.report([ok(done)])).toEqual(['finished'])
  const running = await lease(ledger, 'running')
  process.kill(postmasterOf(home)!, 'SIGQUIT')
  await expect(database.query('SELECT pg_sleep(60)')).rejects.toMatchObject(unavailable)
  await expect(ledger.report([ok(running)])).rejects.toMatchObject(unavailable)
  await database.close()
  database = await openDatabase({ home, onNote })
  const again = new PostgresTaskLedger(database)
  expect(await again.report([ok(done)])).toEqual(['finished'])
  // Whether the lease survived is not said: either it did, or the task is free and the old token void.
  const [verdict] = await again.report([ok(running)])
  const others = await again.lease({ ids: ['run/running'], route, worker: 'other', ttlMs: 60_000 })
  expect([verdict, others.length]).toEqual(verdict === 'finished' ? ['finished', 0] : ['fenced', 1])
})

test('a lease that could not be renewed because the server was away lapses one term after it is back', async () => {
  const ledger = new PostgresTaskLedger(database)
  await ledger.forget('run')
  await lease(ledger, 'waits')
  // As if the server had been away for the rest of the lease: it has started less than a term ago.
  await database.query("UPDATE bullpen.tasks SET lease_until = now() - interval '1 s' WHERE key = 'waits'")
  expect(await ledger.expire()).toEqual([])
  expect(await ledger.leased()).toMatchObject([{ id: 'run/waits' }])
  await new PostgresTaskLedger(database, { graceTerms: 0 }).expire()
  expect(await ledger.leased()).toEqual([])
})
