import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CandleSeries } from '#core/candles'
import { computeFeatures } from '#core/features'
import { sha256 } from '#core/hashing'
import { decodeShard } from '#platform/tables'
import { computeSeries, ShardPlan, storeTable, type ShardSizes } from '../index.ts'
import { halving, inProcess, splitAt, walk, type InProcess } from './in-process-shards.ts'

const sizes: ShardSizes = { bars: 20, warmup: 80, lane: 3 }

/** Computes the series and puts it together; answers the table's hash and which shards were computed, by first bar. */
async function run(series: CandleSeries, services: InProcess, more: Partial<ShardSizes> = {}) {
  const { shards, computed } = await computeSeries(new ShardPlan(series, halving, { ...sizes, ...more }), services)
  const { object } = await storeTable(shards, services)
  const bars = services.computed.splice(0).map(({ openTime }) => openTime / series.widthMs)
  return { shards, object, computed, bars: bars.sort((a, b) => a - b) }
}

test('any cut, any guesses and any order of completion give the same bytes, those of the whole table', async () => {
  const walks = fc.record({ seed: fc.nat(), rows: fc.integer({ min: 1, max: 300 }) })
  const cut = fc.record({
    bars: fc.constant(20),
    warmup: fc.integer({ min: 0, max: 90 }),
    lane: fc.integer({ min: 1, max: 6 }),
  })
  await fc.assert(
    fc.asyncProperty(walks, cut, fc.scheduler(), async ({ seed, rows }, cut, scheduler) => {
      const series = walk(seed, rows)
      const plain = await run(series, inProcess(halving), { lane: 1000 })
      const services = inProcess(halving, (work) => scheduler.schedule(work))
      const shuffled = await scheduler.waitFor(run(series, services, cut))
      expect(shuffled.object).toBe(plain.object)
      const { openTime, values } = await decodeShard(await services.objects.get(shuffled.object))
      expect(openTime).toEqual(series.openTime)
      expect(sha256(new Uint8Array(values.buffer))).toBe(
        sha256(new Uint8Array(new Float64Array(computeFeatures(series, halving).values).buffer)),
      )
    }),
    { numRuns: 60 },
  )
})

test('a segment starts afresh, in the middle of a shard and at the border of a guessed one, and is found again', async () => {
  // Row 113 is bar 140 after the gap: a border of the grid, and the seventh shard, from which a lane starts.
  for (const row of [113, 117]) {
    const services = inProcess(halving)
    const series = splitAt(walk(2, 300), row)
    const first = await run(series, services)
    const { values } = await decodeShard(await services.objects.get(first.object))
    expect(values).toEqual(Float64Array.from(computeFeatures(series, halving).values))
    expect(first.bars.length).toBe(first.shards.length)
    expect(await run(series, services)).toEqual({ ...first, computed: 0, bars: [] })
  }
})

test('shards of another width hold the same numbers', async () => {
  const series = walk(4, 250)
  const whole = computeFeatures(series, halving).column('average')
  for (const bars of [1, 7, 99, 1000]) {
    const services = inProcess(halving)
    const { object } = await run(series, services, { bars })
    expect(new Float64Array((await decodeShard(await services.objects.get(object))).values)).toEqual(
      Float64Array.from(whole),
    )
  }
})

test('the same series again computes nothing, and neither does a part of it from the start', async () => {
  const services = inProcess(halving)
  const first = await run(walk(1, 300), services)
  expect(first.computed).toBeGreaterThanOrEqual(16)
  expect(await run(walk(1, 300), services)).toEqual({ ...first, computed: 0, bars: [] })
  expect((await run(walk(1, 293), services)).computed).toBe(0)
})

test('new candles compute the newest shard, or those they reach into', async () => {
  const services = inProcess(halving)
  const before = await run(walk(1, 300), services) // bars 7 to 306: the last shard began with bar 300
  expect(before.bars.at(-1)).toBe(300)
  const more = await run(walk(1, 310), services)
  expect(more.bars).toEqual([300])
  expect(more.shards.slice(0, -1)).toEqual(before.shards.slice(0, -1))
  expect((await run(walk(1, 342), services)).bars).toEqual([300, 320, 340])
  expect((await run(walk(1, 342), services)).bars).toEqual([])
})

test('a revised candle computes its shard and those after it until its trace is gone', async () => {
  const services = inProcess(halving)
  const revised = walk(1, 300, (candle, t) =>
    t === 95 ? { ...candle, high: candle.high * 2, close: candle.close * 2 } : candle,
  )
  await run(walk(1, 300), services)
  const again = await run(revised, services)
  // It is bar 102, in the shard of bar 100; the average holds a trace of it for some 60 rows.
  expect(again.bars).toEqual([100, 120, 140])
  expect(again.object).toBe((await run(revised, inProcess(halving))).object)
})

test('a shard that the store has lost is computed again, and no other', async () => {
  const services = inProcess(halving)
  const before = await run(walk(1, 300), services, { lane: 1000 })
  services.objects.lost.add(before.shards[4]!.object)
  const after = await run(walk(1, 300), services, { lane: 1000 })
  expect(after.bars).toEqual([80])
  expect(after.object).toBe(before.object)
})

test('a lost table is put together again without computing', async () => {
  const services = inProcess(halving)
  const before = await run(walk(1, 100), services)
  services.objects.lost.add(before.object)
  expect(await run(walk(1, 100), services)).toEqual({ ...before, computed: 0, bars: [] })
  expect(await services.objects.has(before.object)).toBe(true)
})

test('a wrong guess is computed anew from the true state, a right one is not', async () => {
  const right = await run(walk(1, 300), inProcess(halving), { warmup: 80 })
  const wrong = await run(walk(1, 300), inProcess(halving), { warmup: 3 })
  expect(right.bars.length).toBe(right.shards.length)
  expect(wrong.bars.length).toBeGreaterThan(wrong.shards.length)
  expect(wrong.object).toBe(right.object)
})

test('what a task fails with comes out, whichever lane it was in', async () => {
  const services = inProcess(halving, (work) => work.then(() => Promise.reject(new Error('no more'))))
  await expect(run(walk(1, 300), services)).rejects.toThrow('no more')
})
