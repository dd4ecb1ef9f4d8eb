import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sha256 } from '#core/hashing'
import type { ShardEntry, ShardIndex } from '#core/registry'

/** An empty index. */
export interface ShardIndexFixture {
  readonly index: ShardIndex
  close(): Promise<void> | void
}

/** What every shard index promises. */
export function describeShardIndex(name: string, open: () => Promise<ShardIndexFixture>): void {
  describe(`${name} keeps the promises of a shard index`, () => {
    let fixture: ShardIndexFixture
    let index: ShardIndex
    beforeEach(async () => {
      fixture = await open()
      index = fixture.index
    })
    afterEach(() => fixture.close())

    const entry = (text: string): ShardEntry => ({
      object: sha256(text),
      rows: 2190,
      columns: 243,
      startState: sha256(`before ${text}`),
      endState: sha256(`after ${text}`),
    })

    test('an entry is found under its key and no other', async () => {
      await index.record(sha256('one'), entry('first'))
      expect(await index.find(sha256('one'))).toEqual(entry('first'))
      expect(await index.find(sha256('two'))).toBeNull()
    })

    test('a shard has several keys', async () => {
      await index.record(sha256('one'), entry('first'))
      await index.record(sha256('two'), entry('first'))
      expect(await index.find(sha256('two'))).toEqual(entry('first'))
    })

    test('a later entry takes the place of an earlier one', async () => {
      await index.record(sha256('one'), entry('first'))
      await index.record(sha256('one'), entry('second'))
      expect(await index.find(sha256('one'))).toEqual(entry('second'))
    })

    test('many writers of one key get on', async () => {
      await Promise.all(Array.from({ length: 20 }, () => index.record(sha256('one'), entry('first'))))
      expect(await index.find(sha256('one'))).toEqual(entry('first'))
    })
  })
}
