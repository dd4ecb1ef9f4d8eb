import type { CandleSeries } from '#core/candles'
import { featureSet, shardRanges } from '#core/features'
import { decodeTrainingTable, type TrainingTable } from '#core/selection'
import { computeSeries, ShardPlan } from '../shards/index.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** The training table of a run and the hash tasks name it by. */
export interface StoredTable {
  readonly sha256: string
  readonly table: TrainingTable
}

/**
 * Has workers compute the features of the run's candles that no run has computed yet, shard by shard, then has one join
 * them with the labels, and reads the table back for planning.
 */
export async function makeTable(
  spec: TrainingSpec,
  runId: string,
  series: CandleSeries,
  { tasks, objects, runs, shards: index }: TrainingServices,
): Promise<StoredTable> {
  const plan = new ShardPlan(series, featureSet(spec.featureSet.name))
  const { shards } = await computeSeries(plan, { tasks, index, objects })
  const {
    table: sha256,
    rows,
    columns,
  } = await tasks.run('features', 'features', {
    candles: spec.candles.sha256,
    featureSet: spec.featureSet.name,
    featureSetHash: spec.featureSet.hash,
    shards: shards.map(({ object }) => object),
    label: spec.label,
  })
  await runs.recordDataSet(runId, { kind: 'training-table', sha256, rows, columns })
  return { sha256, table: decodeTrainingTable(await objects.get(sha256)) }
}

/** How many tasks {@link makeTable} has at most, but for guesses that come to nothing. */
export function tableTasks(series: CandleSeries): number {
  return shardRanges(series).length + 1
}
