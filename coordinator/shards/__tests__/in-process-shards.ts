import { makeSeries, seriesFromColumns, type Candle, type CandleSeries } from '#core/candles'
import { decodeColumns } from '#core/columnar'
import { computeShard, type FeatureSet } from '#core/features'
import { sha256 } from '#core/hashing'
import type { TaskPayload } from '#core/protocol'
import { Random } from '#core/random'
import { MemoryObjectStore, MemoryShardIndex } from '#platform/memory'
import { encodeShard, shardState } from '#platform/tables'
import type { ShardServices } from '../index.ts'

/** One feature, an average that forgets half of its past with each row: after 60 rows no bit of the start is left. */
export const halving: FeatureSet = {
  name: 'halving',
  hash: sha256('halving'),
  columns: ['average'],
  warmup: 0,
  kernels: [
    {
      family: 'halving',
      columns: ['average'],
      warmup: 0,
      start: () => {
        const average = Float64Array.of(NaN)
        return {
          step: ({ close }, out, offset) => {
            out[offset] = average[0] = Number.isNaN(average[0]) ? close : average[0]! / 2 + close / 2
          },
          save: () => average.slice(),
          restore: (saved) => {
            average.set(saved)
          },
        }
      },
    },
  ],
}

const width = 60_000

/** The same bars, with 20 bars missing before row `row`, where a new segment starts. */
export function splitAt(series: CandleSeries, row: number): CandleSeries {
  const openTime = series.openTime.map((time, t) => (t < row ? time : time + 20 * width))
  const { symbol, widthMs } = series
  return makeSeries({ symbol, source: 'split', widthMs, candles: { ...series, openTime } }, { gaps: 'split' })
}

/** A series of prices that stand still now and then; bar `t` is the same whatever the length. */
export function walk(
  seed: number,
  rows: number,
  revise: (candle: Candle, t: number) => Candle = (c) => c,
): CandleSeries {
  const random = Random.of('walk', seed)
  let close = 100
  const candles = Array.from({ length: rows }, (_, t): Candle => {
    if (t % 50 < 40) close *= Math.exp(0.01 * random.normal())
    return revise({ openTime: 7 * width + t * width, open: close, high: close, low: close, close, volume: 1 }, t)
  })
  return makeSeries({ symbol: 'A/B', source: 'walk', widthMs: width, candles }, { gaps: 'keep' })
}

/** Objects that can get lost. */
export class LossyObjects extends MemoryObjectStore {
  readonly lost = new Set<string>()

  override async has(name: string): Promise<boolean> {
    return !this.lost.has(name) && (await super.has(name))
  }

  override put(content: Uint8Array): Promise<string> {
    this.lost.delete(sha256(content))
    return super.put(content)
  }
}

export interface InProcess extends ShardServices {
  readonly objects: LossyObjects
  /** First row time and rows of each shard computed, in the order asked for; emptied by the test. */
  readonly computed: { readonly openTime: number; readonly rows: number }[]
}

/** Services that run each task in the test's own thread; `schedule` decides when it ends. */
export function inProcess(set: FeatureSet, schedule: <T>(work: Promise<T>) => Promise<T> = (work) => work): InProcess {
  const objects = new LossyObjects()
  const computed: InProcess['computed'] = []
  const shardOf = async ({ candles, warmup, after }: TaskPayload<'feature-shard'>) => {
    const series = seriesFromColumns(decodeColumns(await objects.get(candles)))
    const state = after ? shardState(await objects.get(after.shard)) : null
    const shard = computeShard(series, set, { warmup, state })
    computed.push({ openTime: shard.openTime[0]!, rows: shard.rows })
    const { rows, startState, endState } = shard
    const object = await objects.put(encodeShard({ ...shard, columns: set.columns, state: endState }))
    return { shard: object, rows, columns: set.columns.length, startState, endState: sha256(endState) }
  }
  const tasks = { run: (_: string, __: string, payload: unknown) => schedule(shardOf(payload as never)) }
  return { tasks: tasks as never, index: new MemoryShardIndex(), objects, computed }
}
