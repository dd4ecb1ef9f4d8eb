import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, expect, test } from '@jest/globals'
import type { BullpenError } from '#core/errors'
import { sha256 } from '#core/hashing'
import { describeObjectStore } from '#core/registry/testing'
import { FolderObjectStore } from '#platform/objects'

const root = mkdtempSync(join(tmpdir(), 'bullpen-objects-'))
afterAll(() => {
  rmSync(root, { recursive: true })
})

describeObjectStore('FolderObjectStore', () => {
  const folder = join(root, 'made', 'when needed')
  return Promise.resolve({
    store: new FolderObjectStore(folder),
    damage: (name, content) => {
      writeFileSync(join(folder, name.slice(0, 2), name.slice(2)), content)
    },
    close: () => undefined,
  })
})

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)

test('an object is one file, and nothing else is left', async () => {
  const folder = join(root, 'one')
  const name = await new FolderObjectStore(folder).put(Buffer.from('content'))
  expect(filesUnder(folder)).toEqual([name.slice(2)])
})

test('drafts of writers killed long ago are removed, those of today are not', async () => {
  const folder = join(root, 'drafts')
  mkdirSync(join(folder, 'drafts'), { recursive: true })
  for (const name of ['old', 'new']) writeFileSync(join(folder, 'drafts', name), 'half')
  utimesSync(join(folder, 'drafts', 'old'), 0, 0)
  await new FolderObjectStore(folder).put(Buffer.from('content'))
  expect(readdirSync(join(folder, 'drafts'))).toEqual(['new'])
})

test('a folder that cannot be used makes the store unavailable', async () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  const store = new FolderObjectStore(join(file, 'objects'))
  const unavailable = { code: 'OBJECT_STORE_UNAVAILABLE', retryable: true }
  await expect(store.put(Buffer.from('x'))).rejects.toMatchObject(unavailable)
  await expect(store.get(sha256('x'))).rejects.toMatchObject(unavailable)
  await expect(store.has(sha256('x'))).rejects.toMatchObject(unavailable)
})

test('a folder that was filled and is found empty, or gone, is one that is not mounted', async () => {
  const folder = join(root, 'mount')
  const store = new FolderObjectStore(folder)
  const name = await store.put(Buffer.from('content'))
  const unavailable = { code: 'OBJECT_STORE_UNAVAILABLE', details: { reason: expect.stringMatching('mounted') } }
  const stranger = new FolderObjectStore(folder, { isFilled: true })
  renameSync(folder, join(root, 'elsewhere'))
  for (const isMountPointThere of [false, true]) {
    if (isMountPointThere) mkdirSync(folder)
    for (const one of [store, stranger]) {
      await expect(one.get(name)).rejects.toMatchObject(unavailable)
      await expect(one.has(name)).rejects.toMatchObject(unavailable)
      await expect(one.put(Buffer.from('more'))).rejects.toMatchObject(unavailable)
    }
  }
  rmSync(folder, { recursive: true })
  renameSync(join(root, 'elsewhere'), folder)
  expect(await stranger.has(name)).toBe(true)
  await expect(stranger.get(sha256('never put'))).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
})

/** A mount of its own needs a user namespace; where those are forbidden there is no small disk to fill. */
const ownMount = ['--user', '--map-root-user', '--mount']
const onSmallDisk = spawnSync('unshare', [...ownMount, 'true']).status === 0 ? test : test.skip

onSmallDisk('a full disk is told as such, and nothing half-written is left', () => {
  const folder = mkdtempSync(join(root, 'small-'))
  const program = `
    import { readdirSync } from 'node:fs'
    import { FolderObjectStore } from '#platform/objects'
    const store = new FolderObjectStore(${JSON.stringify(folder)})
    const small = await store.put(Buffer.alloc(1000))
    const code = await store.put(Buffer.alloc(4_000_000)).catch((error) => error.code)
    const files = readdirSync(${JSON.stringify(folder)}, { recursive: true, withFileTypes: true })
    console.log(JSON.stringify({ code, whole: (await store.get(small)).length, files: files.filter((f) => f.isFile()).length }))`
  const mount = `mount -t tmpfs -o size=1m none "$0" && exec "$@"`
  const command = ['sh', '-c', mount, folder, process.execPath, '--input-type=module', '--eval', program]
  const { stdout } = spawnSync('unshare', [...ownMount, ...command], { encoding: 'utf8' })
  expect(JSON.parse(stdout)).toEqual({ code: 'DISK_FULL', whole: 1000, files: 1 })
})

test('a folder that comes back while an object is looked for has the object, or was away: it never lacks it', async () => {
  const folder = join(root, 'back')
  const store = new FolderObjectStore(folder)
  const name = await store.put(Buffer.from('content'))
  const codes = new Set<string>()
  for (let round = 0; round < 400; round++) {
    renameSync(folder, `${folder}-aside`)
    mkdirSync(folder)
    const got = store.get(name).then(() => 'found')
    const looks = Promise.allSettled([got, store.has(name).then((has) => (has ? 'found' : 'lacking'))])
    // Back at any moment of the look; now and then after it.
    for (let turns = round % 8; turns > 0; turns--) await nextTurn()
    if (round % 50 === 0) await looks
    rmSync(folder, { recursive: true })
    renameSync(`${folder}-aside`, folder)
    for (const look of await looks) {
      codes.add(look.status === 'fulfilled' ? look.value : (look.reason as BullpenError).code)
    }
  }
  expect([...codes].filter((code) => code !== 'found' && code !== 'OBJECT_STORE_UNAVAILABLE')).toEqual([])
  expect(codes).toContain('OBJECT_STORE_UNAVAILABLE')
})
