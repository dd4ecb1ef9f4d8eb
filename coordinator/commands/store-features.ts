import { formatTimeframe, type CandleSeries } from '#core/candles'
import { asBullpenError, BullpenError, toErrorData, type ErrorData } from '#core/errors'
import { featureSet, type FeatureSet } from '#core/features'
import { atMost } from '../at-most.ts'
import { queueUrl } from '../cluster/index.ts'
import { Patience } from '../patience/index.ts'
import { computeSeries, ShardPlan, storeTable } from '../shards/index.ts'
import { TaskClient } from '../tasks/index.ts'
import { newRunId } from '../training/run-id.ts'
import { columnsOf } from '../columns-of.ts'
import { fleetLabour, localLabour, type Labour } from './labour.ts'
import type { SeriesOptions } from './series-options.ts'
import type { Session } from './session.ts'

/** What to compute. */
export interface StoreFeaturesOptions extends SeriesOptions {
  readonly candles?: readonly string[]
  readonly all?: boolean
  readonly featureSet: string
  readonly threads?: number
  readonly queue?: string
  readonly waitForWorkers: number
}

/** What became of one series. */
export type StoredFeatures = {
  readonly source: string
} & (
  | {
      readonly symbol: string
      readonly timeframe: string
      readonly rows: number
      readonly columns: number
      readonly featureSetHash: string
      /** Shards computed now, and shards that were there already. */
      readonly computed: number
      readonly reused: number
      /** SHA-256 of the Parquet object. */
      readonly object: string
    }
  | { readonly error: ErrorData }
)

/** Series at a time: their shards share the threads; the tables that are put together do not fit into memory at once. */
const seriesAtOnce = 8

/** One attempt of a shard takes a tenth of a second; this is for machines that sleep. */
const shardTimeoutMs = 600_000

/** How long a shared queue may be away. */
const awayLimitMs = 900_000

/**
 * The features of many series as Parquet objects. A series that fails is told in its place and the others go on; only
 * what no series could do without is thrown (the pool, an interruption).
 */
export async function storeFeatures(options: StoreFeaturesOptions, session: Session): Promise<StoredFeatures[]> {
  const { workshop } = session
  const set = featureSet(options.featureSet)
  const sources = options.all === true ? await storedSources(session) : (options.candles ?? [])
  const loaded: { source: string; series: CandleSeries | BullpenError }[] = []
  for (const source of sources) {
    loaded.push({ source, series: await session.loadSeries(source, options).catch(asBullpenError) })
  }
  session.signal.throwIfAborted()
  const [index, objects] = [await workshop.shards(), workshop.objects()]
  const labour = labourOf(options, session)
  const { queue, stop } = await labour.start(await labour.engine())
  const tasks = await TaskClient.open({
    queue,
    // What is computed is recorded in the shard index.
    runs: { recordTask: () => Promise.resolve(), taskResults: () => Promise.resolve(new Map()) },
    runId: `features-${newRunId(session.now())}`,
    attempts: 3,
    timeoutMs: shardTimeoutMs,
    signal: session.signal,
  })
  try {
    const plans = loaded.map(({ series }) => (series instanceof BullpenError ? null : new ShardPlan(series, set)))
    const { onShard, end } = showShards(
      session,
      plans.reduce((sum, plan) => sum + (plan?.ranges.length ?? 0), 0),
    )
    let writing: Promise<unknown> = Promise.resolve()
    const results = await atMost(seriesAtOnce, loaded, async ({ source, series }, place): Promise<StoredFeatures> => {
      if (series instanceof BullpenError) return { source, error: toErrorData(series) }
      try {
        const { shards, computed } = await computeSeries(plans[place]!, { tasks, index, objects, onShard })
        const table = writing.then(() => storeTable(shards, { index, objects }))
        writing = table.catch(() => undefined)
        const { object, rows, columns } = await table
        const reused = Math.max(0, shards.length - computed)
        return { source, ...nameOf(series, set), rows, columns, computed, reused, object }
      } catch (error) {
        return { source, error: toErrorData(asBullpenError(error)) }
      }
    })
    session.signal.throwIfAborted()
    end(`${results.length} series`)
    return results
  } finally {
    await stop()
    await tasks.close()
  }
}

/** The table for a person. */
export function storedLines(results: readonly StoredFeatures[]): string[] {
  const head = ['series', 'rows', 'computed', 'reused', 'object']
  const failures = results.flatMap((each) =>
    'error' in each ? [`${each.source}: ${each.error.code}: ${each.error.message}`] : [],
  )
  const rows = results.flatMap((each) =>
    'error' in each
      ? []
      : [[`${each.symbol} ${each.timeframe}`, each.rows, each.computed, each.reused, each.object].map(String)],
  )
  return [...columnsOf([head, ...rows]), ...failures]
}

/** Shards need no engine, but their queue is that of one. */
function labourOf({ queue, threads, waitForWorkers }: StoreFeaturesOptions, session: Session): Labour {
  const url = queueUrl(queue, session.workshop.config.redisUrl)
  const engine = 'auto'
  if (url === undefined) return localLabour({ engine, ...(threads === undefined ? {} : { threads }) }, session)
  const note = (text: string): void => {
    session.note(text)
  }
  const patience = new Patience({ limitMs: awayLimitMs, signal: session.signal, note })
  return fleetLabour(url, { engine, waitForWorkers }, session, patience)
}

async function storedSources({ workshop }: Session): Promise<string[]> {
  const stored = await (await workshop.candleStore()).list()
  if (stored.length === 0) throw new BullpenError('USAGE', { reason: 'the candle store is empty: see bullpen candles' })
  return stored.map(({ symbol, widthMs }) => `store:${symbol}:${formatTimeframe(widthMs)}`)
}

function nameOf({ symbol, widthMs }: CandleSeries, set: FeatureSet) {
  return { symbol, timeframe: formatTimeframe(widthMs), featureSetHash: set.hash }
}

function showShards({ progress, now }: Session, shards: number) {
  const startedAt = now()
  let done = 0
  progress({ kind: 'stage-start', stage: 'features', tasks: shards })
  return {
    onShard: () => {
      progress({ kind: 'stage-progress', stage: 'features', done: ++done, tasks: shards })
    },
    end: (text: string) => {
      progress({ kind: 'stage-end', stage: 'features', ms: now() - startedAt, text })
    },
  }
}
