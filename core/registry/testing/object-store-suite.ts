import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sha256 } from '#core/hashing'
import type { ObjectStore } from '#core/registry'

/** A store under test and a way to damage what it holds. */
export interface ObjectStoreFixture {
  readonly store: ObjectStore
  /** Replaces the bytes kept under a name behind the store's back. */
  damage(name: string, content: Uint8Array): Promise<void> | void
  close(): Promise<void> | void
}

/** What every object store promises. */
export function describeObjectStore(name: string, open: () => Promise<ObjectStoreFixture>): void {
  describe(`${name} keeps the promises of an object store`, () => {
    let fixture: ObjectStoreFixture
    let store: ObjectStore
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

    beforeAll(async () => {
      fixture = await open()
      store = fixture.store
    })
    afterAll(() => fixture.close())

    test('any bytes come back as they were put, under their SHA-256', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (content) => {
          const name = await store.put(content)
          expect(name).toBe(sha256(content))
          expect(Buffer.compare(await store.get(name), content)).toBe(0)
        }),
        { numRuns: 25 },
      )
    })

    test('a large object comes back whole', async () => {
      const content = new Uint8Array(12 << 20).map((_, i) => (i * 2_654_435_761) >>> 13)
      const name = await store.put(content)
      expect(sha256(await store.get(name))).toBe(name)
    })

    test('putting the same content again changes nothing', async () => {
      const first = await store.put(bytes('twice'))
      expect(await store.put(bytes('twice'))).toBe(first)
      expect(await store.get(first)).toEqual(bytes('twice'))
    })

    test('many writers of the same and of different content get on', async () => {
      const contents = Array.from({ length: 24 }, (_, i) => bytes(`writer ${i % 6}`))
      const names = await Promise.all(contents.map((content) => store.put(content)))
      const read = await Promise.all(names.map((name) => store.get(name)))
      expect(read.map((content) => Buffer.from(content).toString())).toEqual(
        contents.map((content) => Buffer.from(content).toString()),
      )
    })

    test('an object that was never put is not found', async () => {
      const name = sha256('never put')
      expect(await store.has(name)).toBe(false)
      await expect(store.get(name)).rejects.toMatchObject({
        code: 'OBJECT_NOT_FOUND',
        details: { sha256: name, store: store.describe },
      })
    })

    test('has tells of what was put', async () => {
      expect(await store.has(await store.put(bytes('here')))).toBe(true)
    })

    test.each(['', '../../etc/passwd', 'ABCDEF', 'a'.repeat(63), `${'a'.repeat(64)}/..`])(
      'the text %j is no name and is not found',
      async (text) => {
        expect(await store.has(text)).toBe(false)
        await expect(store.get(text)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' })
      },
    )

    test('a damaged object is refused, names both hashes, and is mended by putting it again', async () => {
      const name = await store.put(bytes('precious'))
      await fixture.damage(name, bytes('precious?'))
      await expect(store.get(name)).rejects.toMatchObject({
        code: 'OBJECT_CORRUPT',
        details: { sha256: name, actual: sha256('precious?') },
      })
      expect(await store.put(bytes('precious'))).toBe(name)
      expect(await store.get(name)).toEqual(bytes('precious'))
    })
  })
}
