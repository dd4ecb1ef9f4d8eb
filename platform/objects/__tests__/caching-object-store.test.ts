import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sha256 } from '#core/hashing'
import { describeObjectStore } from '#core/registry/testing'
import { CachingObjectStore, FolderObjectStore } from '#platform/objects'

const root = mkdtempSync(join(tmpdir(), 'bullpen-cache-'))
afterAll(() => {
  rmSync(root, { recursive: true })
})

/** A store of this test that counts reads. */
class CountingStore extends FolderObjectStore {
  readonly reads: string[] = []

  override get(name: string): Promise<Uint8Array> {
    this.reads.push(name)
    return super.get(name)
  }
}

function open(limitBytes = 1000, folder = mkdtempSync(join(root, 'cache-'))) {
  const store = new CountingStore(mkdtempSync(join(root, 'store-')))
  const notes: string[] = []
  const cache = new CachingObjectStore({ store, folder, limitBytes, onNote: (text) => notes.push(text) })
  return { store, folder, notes, cache }
}

const bytesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

describeObjectStore('CachingObjectStore', () => {
  const behind = join(root, 'conformance')
  const folder = join(root, 'conformance-cache')
  const store = new FolderObjectStore(behind)
  return Promise.resolve({
    store: new CachingObjectStore({ store, folder, limitBytes: 1 << 20 }),
    damage: (name, content) => {
      writeFileSync(join(behind, name.slice(0, 2), name.slice(2)), content)
      rmSync(join(folder, name), { force: true })
    },
    close: () => undefined,
  })
})

test('an object is fetched once, by whoever asks together and by later processes', async () => {
  const { store, cache, folder } = open()
  const name = await store.put(Buffer.from('table'))
  await Promise.all([cache.get(name), cache.get(name)])
  expect(Buffer.from(await cache.get(name)).toString()).toBe('table')
  const later = new CachingObjectStore({ store, folder, limitBytes: 1000 })
  expect(Buffer.from(await later.get(name)).toString()).toBe('table')
  expect(store.reads).toEqual([name])
  expect(cache.counts).toMatchObject({ bytes: 5, hits: 1, misses: 1 })
})

test('a damaged copy is fetched again and mended', async () => {
  const { store, cache, folder } = open()
  const name = await store.put(Buffer.from('table'))
  await cache.get(name)
  writeFileSync(join(folder, name), 'tablf')
  expect(Buffer.from(await cache.get(name)).toString()).toBe('table')
  expect(readFileSync(join(folder, name), 'utf8')).toBe('table')
  expect(store.reads).toHaveLength(2)
  expect(cache.counts.damaged).toBe(1)
})

test('a failed fetch is told to all who wait and tried again by the next', async () => {
  const { store, cache } = open()
  const name = sha256('late')
  const ends = await Promise.allSettled([cache.get(name), cache.get(name)])
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await store.put(Buffer.from('late'))
  expect(Buffer.from(await cache.get(name)).toString()).toBe('late')
})

test('the folder never holds more than the limit, and what it holds is what was used last', async () => {
  const asks = fc.array(fc.record({ key: fc.integer({ min: 0, max: 9 }), restart: fc.boolean() }), { maxLength: 30 })
  const content = (key: number) => new Uint8Array(key * 7).fill(key)
  await fc.assert(
    fc.asyncProperty(asks, fc.integer({ min: 0, max: 120 }), async (steps, limit) => {
      const { store, folder } = open()
      let clock = Date.now()
      const start = () => new CachingObjectStore({ store, folder, limitBytes: limit, now: () => (clock += 10) })
      let cache = start()
      let model: number[] = [] // keys, least recently used first
      for (const { key, restart } of steps) {
        if (restart) cache = start()
        const name = await store.put(content(key))
        const reads = store.reads.length
        expect(Buffer.compare(await cache.get(name), content(key))).toBe(0)
        expect(store.reads.length === reads).toBe(model.includes(key))
        model = model.filter((one) => one !== key)
        if (key * 7 <= limit) model.push(key)
        const held = () => model.reduce((sum, one) => sum + one * 7, 0)
        while (held() > limit) model.shift()
        expect(bytesIn(folder)).toBe(held())
      }
    }),
    { numRuns: 40 },
  )
})

test('processes that share a folder keep its bound together', async () => {
  const { store, folder } = open()
  const caches = [1, 2].map(() => new CachingObjectStore({ store, folder, limitBytes: 100 }))
  for (let i = 0; i < 20; i++) {
    const name = await store.put(new Uint8Array(30).fill(i))
    await caches[i % 2]!.get(name)
    expect(bytesIn(folder)).toBeLessThanOrEqual(100)
  }
})

test('drafts of processes killed long ago are removed', async () => {
  const folder = mkdtempSync(join(root, 'cache-'))
  mkdirSync(join(folder, 'drafts'))
  writeFileSync(join(folder, 'drafts', 'old'), 'half')
  utimesSync(join(folder, 'drafts', 'old'), 0, 0)
  const { store, cache } = open(1000, folder)
  await cache.get(await store.put(Buffer.from('x')))
  expect(readdirSync(join(folder, 'drafts'))).toEqual([])
})

test('a cache that cannot be written says so once and goes on', async () => {
  const file = join(root, 'a-file')
  writeFileSync(file, '')
  const { store, cache, notes } = open(1000, join(file, 'cache'))
  for (const text of ['a', 'b', 'c']) {
    const name = await store.put(Buffer.from(text))
    expect(Buffer.from(await cache.get(name)).toString()).toBe(text)
  }
  expect(notes).toEqual([expect.stringMatching(/^objects are not kept on disk for now/)])
})

/** A mount of its own needs a user namespace; where those are forbidden there is no small disk to fill. */
const ownMount = ['--user', '--map-root-user', '--mount']
const onSmallDisk = spawnSync('unshare', [...ownMount, 'true']).status === 0 ? test : test.skip

onSmallDisk('a full disk costs the copies, not the objects', () => {
  const [small, large] = [mkdtempSync(join(root, 'small-')), mkdtempSync(join(root, 'large-'))]
  const program = `
    import { CachingObjectStore, FolderObjectStore } from '#platform/objects'
    const store = new FolderObjectStore(${JSON.stringify(large)})
    const notes = []
    const cache = new CachingObjectStore({ store, folder: ${JSON.stringify(small)}, limitBytes: 1e9, onNote: (t) => notes.push(t) })
    const lengths = []
    for (const size of [400_000, 900_000, 950_000, 100_000]) {
      lengths.push((await cache.get(await store.put(Buffer.alloc(size)))).length)
    }
    console.log(JSON.stringify({ lengths, notes: notes.length, bytes: cache.counts.bytes }))`
  const mount = `mount -t tmpfs -o size=1m none "$0" && exec "$@"`
  const command = ['sh', '-c', mount, small, process.execPath, '--input-type=module', '--eval', program]
  const { stdout } = spawnSync('unshare', [...ownMount, ...command], { encoding: 'utf8' })
  expect(JSON.parse(stdout)).toEqual({ lengths: [400_000, 900_000, 950_000, 100_000], notes: 1, bytes: 500_000 })
})
