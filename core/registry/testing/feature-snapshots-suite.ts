import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sha256 } from '#core/hashing'
import { snapshotsKept, type FeatureSnapshot, type FeatureSnapshots, type SnapshotSeries } from '#core/registry'

/** No snapshots yet. */
export interface FeatureSnapshotsFixture {
  readonly snapshots: FeatureSnapshots
  close(): Promise<void> | void
}

/** What every keeper of feature snapshots promises. */
export function describeFeatureSnapshots(name: string, open: () => Promise<FeatureSnapshotsFixture>): void {
  describe(`${name} keeps the promises of feature snapshots`, () => {
    let fixture: FeatureSnapshotsFixture
    let snapshots: FeatureSnapshots
    beforeEach(async () => {
      fixture = await open()
      snapshots = fixture.snapshots
    })
    afterEach(() => fixture.close())

    const bitcoin: SnapshotSeries = {
      symbol: 'BTC/USDT',
      widthMs: 14_400_000,
      featureSetHash: sha256('features'),
      gaps: 'keep',
    }
    const at = (block: number, text = ''): FeatureSnapshot => ({
      openTime: 1_577_836_800_000 + block * 14_400_000,
      block,
      segmentRows: block + 1,
      digest: sha256(`history up to ${block} ${text}`),
      state: Float64Array.of(block, NaN, -0, Infinity, 1 / 3, Number.MIN_VALUE),
    })

    test('a state comes back with every bit, the newest first', async () => {
      await snapshots.save(bitcoin, at(1))
      await snapshots.save(bitcoin, at(2))
      const kept = await snapshots.list(bitcoin)
      expect(kept).toEqual([at(2), at(1)])
      expect([...kept[1]!.state].map((x, i) => Object.is(x, at(1).state[i]))).not.toContain(false)
    })

    test('series, widths, feature sets and what gaps do are apart', async () => {
      await snapshots.save(bitcoin, at(1))
      expect(await snapshots.list({ ...bitcoin, symbol: 'ETH/USDT' })).toEqual([])
      expect(await snapshots.list({ ...bitcoin, widthMs: 3_600_000 })).toEqual([])
      expect(await snapshots.list({ ...bitcoin, featureSetHash: sha256('others') })).toEqual([])
      expect(await snapshots.list({ ...bitcoin, gaps: 'split' })).toEqual([])
    })

    test('a later snapshot of a block takes the place of the earlier one', async () => {
      await snapshots.save(bitcoin, at(1))
      await snapshots.save(bitcoin, at(1, 'revised'))
      expect(await snapshots.list(bitcoin)).toEqual([at(1, 'revised')])
    })

    test('only the newest blocks are kept, whatever order they are saved in', async () => {
      const blocks = Array.from({ length: snapshotsKept + 3 }, (_, i) => i)
      for (const block of [...blocks].reverse()) await snapshots.save(bitcoin, at(block))
      const kept = (await snapshots.list(bitcoin)).map(({ block }) => block)
      expect(kept).toEqual(blocks.slice(-snapshotsKept).reverse())
    })

    test('many writers at once get on', async () => {
      await Promise.all(Array.from({ length: 20 }, (_, i) => snapshots.save(bitcoin, at(i % 4))))
      expect(await snapshots.list(bitcoin)).toEqual([at(3), at(2), at(1), at(0)])
    })
  })
}
