import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { withFolderLock } from '../embedded/folder-lock.ts'

let folder: string
let locks: string
let counter: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bullpen-lock-'))
  locks = join(folder, 'locks')
  counter = join(folder, 'counter')
  writeFileSync(counter, '0')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Reads, lets others go first, writes: loses counts unless nobody else is at it. */
async function countUp(): Promise<void> {
  const before = Number(readFileSync(counter, 'utf8'))
  await new Promise(setImmediate)
  writeFileSync(counter, String(before + 1))
}

const counted = (): number => Number(readFileSync(counter, 'utf8'))

test('contenders within one process go one by one', async () => {
  await Promise.all(Array.from({ length: 12 }, () => withFolderLock(locks, countUp)))
  expect(counted()).toBe(12)
})

const dead = 'held 1073741824 no-such-process'

test.each([
  ['lock-7', dead],
  ['lock-7', 'free'],
  ['lock-7', ''],
  ['draft-left', dead],
])('processes that find %s saying "%s" go one by one', async (name, content) => {
  mkdirSync(locks)
  writeFileSync(join(locks, name), content)
  const module = fileURLToPath(new URL('../embedded/folder-lock.js', import.meta.url))
  const program = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { withFolderLock } from ${JSON.stringify(module)}
    const counter = ${JSON.stringify(counter)}
    for (let i = 0; i < 5; i++) await withFolderLock(${JSON.stringify(locks)}, async () => {
      const before = Number(readFileSync(counter, 'utf8'))
      await new Promise(setImmediate)
      writeFileSync(counter, String(before + 1))
    })`
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'ignore', 'inherit'] }),
  )
  const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  await Promise.all(Array.from({ length: 5 }, () => withFolderLock(locks, countUp)))
  expect(await Promise.all(ended)).toEqual([0, 0, 0])
  expect(counted()).toBe(20)
  expect(readdirSync(locks).filter((file) => file.startsWith('lock-'))).toHaveLength(1)
})

test('a lock is given back when the work throws', async () => {
  const work = () => Promise.reject(new Error('no'))
  await expect(withFolderLock(locks, work)).rejects.toThrow('no')
  await withFolderLock(locks, countUp)
  expect(counted()).toBe(1)
})

test('a holder that lives is waited for only so long', async () => {
  await withFolderLock(locks, async () => {
    const error = await withFolderLock(locks, countUp, 50).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    expect(String(error)).toContain(`process ${process.pid}`)
  })
  expect(counted()).toBe(0)
})
