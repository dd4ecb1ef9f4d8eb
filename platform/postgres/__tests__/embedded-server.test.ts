import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { openDatabase } from '#platform/postgres'
import { BullpenProcess, postmasterOf, processesNaming } from './bullpen-process.ts'

// Making a database takes half a second of processor time, so most tests use the same home one after another.
const home = mkdtempSync(join(tmpdir(), 'bullpen-home-'))
let notes: string[]

beforeEach(() => {
  notes = []
})
afterEach(async () => {
  expect(await BullpenProcess.killAll()).toBe(0)
  expect(processesNaming(home)).toEqual([])
})
afterAll(() => {
  rmSync(home, { recursive: true })
})

const open = (folder = home) => openDatabase({ home: folder, onNote: (note) => notes.push(note) })
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(setImmediate)
}

test('processes that start at once share one server; the last to leave stops it', async () => {
  const processes = Array.from({ length: 3 }, () => new BullpenProcess())
  const opened = await Promise.all(processes.map((one) => one.open(home)))
  expect(opened).toEqual([{ notes: [] }, { notes: [] }, { notes: [] }])
  const pid = postmasterOf(home)
  const [first, second, third] = processes as [BullpenProcess, BullpenProcess, BullpenProcess]
  await first.query('CREATE TABLE shared AS SELECT 7 AS seven')
  await first.close()
  await Promise.all([first.end(), third.kill()])
  expect(await second.query('SELECT seven FROM shared')).toEqual({ rows: [{ seven: 7 }] })
  expect(postmasterOf(home)).toBe(pid)
  await second.close()
  expect(postmasterOf(home)).toBeNull()
  await second.end()
})

test('it starts in a deep folder with odd characters that only its owner can enter, and stops', async () => {
  const deep = join(home, 'a, "b" c', ...Array.from({ length: 8 }, () => 'long folder name'))
  mkdirSync(deep, { recursive: true })
  chmodSync(home, 0o700)
  const database = await open(deep)
  expect(await database.query("SELECT current_setting('fsync') AS fsync, 2::bigint ^ 40 AS big")).toEqual([
    { fsync: 'on', big: 2 ** 40 },
  ])
  await database.close()
  await database.close()
  expect(notes).toEqual([])
  expect(postmasterOf(deep)).toBeNull()
})

test('the server of a killed process is taken over and then stopped', async () => {
  const killed = new BullpenProcess()
  await killed.open(home)
  const pid = postmasterOf(home)
  await killed.kill()
  const database = await open()
  expect(postmasterOf(home)).toBe(pid)
  expect(notes).toEqual(['took over the database a killed process had left running'])
  await database.close()
  expect(postmasterOf(home)).toBeNull()
})

test('a process that exits without closing has its server stopped', async () => {
  const careless = new BullpenProcess()
  await careless.open(home)
  await careless.exit()
  await until(() => processesNaming(home).length === 0)
  expect(postmasterOf(home)).toBeNull()
})

test('a server killed with its process comes back with what was committed', async () => {
  const killed = new BullpenProcess()
  await killed.open(home)
  await killed.query('CREATE TABLE committed AS SELECT 1 AS one')
  const pid = postmasterOf(home)!
  process.kill(pid, 'SIGKILL')
  await killed.kill()
  const database = await open()
  expect(await database.query('SELECT one FROM committed')).toEqual([{ one: 1 }])
  expect(postmasterOf(home)).not.toBe(pid)
  await database.close()
})

test('a pid file that names a process of someone else is not taken for a server', async () => {
  const file = join(home, 'postgres', 'data', 'postmaster.pid')
  writeFileSync(file, `${process.pid}\n${join(home, 'postgres', 'data')}\n1700000000\n5432\n${home}\n\n0 0\nready\n`)
  const database = await open()
  expect(postmasterOf(home)).not.toBe(process.pid)
  await database.close()
})

const asRoot = process.getuid?.() === 0 ? test : test.skip

asRoot(
  'where namespaces are forbidden root gives the database to a second user, says so, and can go back',
  async () => {
    const folder = join(home, 'no-unshare')
    mkdirSync(folder)
    writeFileSync(join(folder, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    chmodSync(home, 0o700)
    const confined = new BullpenProcess([], { PATH: `${folder}:${process.env['PATH'] ?? ''}` })
    expect(await confined.open(home)).toEqual({
      notes: ['user namespaces are forbidden here, so the database runs as user nobody, who owns its files'],
    })
    const status = readFileSync(`/proc/${postmasterOf(home)!}/status`, 'utf8')
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0')
    await confined.query('CREATE TABLE kept AS SELECT 1 AS one')
    await confined.close()
    await confined.end()
    const database = await open()
    expect(await database.query('SELECT one FROM kept')).toEqual([{ one: 1 }])
    await database.close()
  },
)

/** A mount of its own needs a user namespace; where those are forbidden there is no small disk to fill. */
const ownMount = ['unshare', '--user', '--map-root-user', '--mount']
const onSmallDisk = spawnSync(ownMount[0]!, [...ownMount.slice(1), 'true']).status === 0 ? test : test.skip

onSmallDisk('a full disk is told as such', async () => {
  const small = mkdtempSync(join(home, 'small-'))
  const mount = 'mount -t tmpfs -o size=12m none "$0" && exec "$@"'
  const confined = new BullpenProcess([...ownMount, 'sh', '-c', mount, small])
  expect(await confined.open(small)).toMatchObject({ code: 'DISK_FULL' })
  await confined.end()
})

test('a home that cannot be made says so', async () => {
  writeFileSync(join(home, 'file'), '')
  await expect(open(join(home, 'file'))).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})
