import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeShard, encodeShard, joinShards, shardState, type ShardTable } from '../shard-file.ts'

const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1 / 3))

const tableOf = (rows: number): fc.Arbitrary<ShardTable> =>
  fc.record({
    openTime: fc.float64Array({ minLength: rows, maxLength: rows, noNaN: true }),
    columns: fc.constant(['a', 'b', 'c']),
    values: fc.array(number, { minLength: rows * 3, maxLength: rows * 3 }).map((values) => Float64Array.from(values)),
    state: fc.uint8Array({ maxLength: 40 }),
  })
const table = fc.integer({ min: 1, max: 30 }).chain(tableOf)

const without = ({ openTime, columns, values }: Omit<ShardTable, 'state'>) => ({ openTime, columns, values })

test('a shard comes back as it was, minus zero, NaN and infinities too', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (shard) => {
      const bytes = encodeShard(shard)
      expect(await decodeShard(bytes)).toEqual(without(shard))
      expect(shardState(bytes)).toEqual(shard.state)
    }),
  )
})

test('shards put together are read as one table, and end in the state of the last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 4 }), async (shards) => {
      const joined = joinShards(shards.map(encodeShard))
      const column = (c: number) =>
        shards.flatMap(({ openTime, values }) => [...values.subarray(c * openTime.length, (c + 1) * openTime.length)])
      expect(await decodeShard(joined)).toEqual({
        openTime: Float64Array.from(shards.flatMap(({ openTime }) => [...openTime])),
        columns: ['a', 'b', 'c'],
        values: Float64Array.from([...column(0), ...column(1), ...column(2)]),
      })
      expect(shardState(joined)).toEqual(shards.at(-1)!.state)
    }),
  )
})

test('a shard is read from shared memory', () => {
  const bytes = encodeShard(fc.sample(table, { numRuns: 1, seed: 1 })[0]!)
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  expect(shardState(shared)).toEqual(shardState(bytes))
})

test('what is no shard, or does not go together, is refused', async () => {
  const one = { openTime: new Float64Array(1), columns: ['a'], values: new Float64Array(1), state: new Uint8Array(1) }
  const refused = { code: 'DATA_SET_INVALID' }
  expect(() => shardState(new Uint8Array(3))).toThrow('a feature shard')
  await expect(decodeShard(new Uint8Array(99))).rejects.toMatchObject(refused)
  expect(() => joinShards([encodeShard(one), encodeShard({ ...one, columns: ['b'] })])).toThrow('their columns differ')
  expect(() => joinShards([])).toThrow('there is none')
})
