import { decodeTrainingTable, type TrainingTable } from '#core/selection'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** The training table of a run and the hash tasks name it by. */
export interface StoredTable {
  readonly sha256: string
  readonly table: TrainingTable
}

/** Has a worker compute features and labels of the run's candles, and reads the table back for planning. */
export async function makeTable(
  spec: TrainingSpec,
  runId: string,
  { tasks, objects, runs }: TrainingServices,
): Promise<StoredTable> {
  const {
    table: sha256,
    rows,
    columns,
  } = await tasks.run('features', 'features', {
    candles: spec.candles.sha256,
    featureSet: spec.featureSet.name,
    featureSetHash: spec.featureSet.hash,
    label: spec.label,
  })
  await runs.recordDataSet(runId, { kind: 'training-table', sha256, rows, columns })
  return { sha256, table: decodeTrainingTable(await objects.get(sha256)) }
}
