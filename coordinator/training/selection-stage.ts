import type { TaskPayload } from '#core/protocol'
import { planSelection, rankColumns, chooseColumns, type ColumnChoice } from '#core/selection'
import type { StoredTable } from './features-stage.ts'
import { taskKey, type LearningWindow } from './learning-window.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

type Side = 'up' | 'down'

/** Columns ranked for one side: importance is the drop in average precision, indexed like the feature set. */
export interface SideRanking {
  readonly importance: readonly number[]
  readonly order: readonly number[]
  readonly curve: readonly number[]
  readonly positiveShare: number
}

/** What feature selection ended with. */
export interface SelectionOutcome {
  readonly up: SideRanking
  readonly down: SideRanking
  readonly choice: ColumnChoice
}

/** Columns per importance task. Fixed, so that task keys do not depend on the number of threads. */
const shardColumns = 32

/** The reference's feature selection with its defects mended (baseline-training.md sections 2 and 3), sharded by column. */
export async function selectColumns(
  spec: TrainingSpec,
  stored: StoredTable,
  window: LearningWindow,
  { tasks }: TrainingServices,
): Promise<SelectionOutcome> {
  const { trainRows, testRows } = planSelection(stored.table, window.rows, window.embargo)
  const columns = stored.table.columns.map((_, column) => column)
  const { repeats, parameters } = spec.selection

  const rankSide = async (question: Side): Promise<SideRanking> => {
    const key = taskKey(window, `selection/${question}`)
    const { model } = await tasks.run('fit', `${key}/fit`, {
      table: stored.sha256,
      columns,
      question,
      trainRows: [...trainRows],
      parameters,
      engine: spec.engine,
    })
    const judged = { table: stored.sha256, model, question, columns, testRows: [...testRows], seed: spec.seed }
    const importance = await importanceOf({ ...judged, repeats }, key)
    const order = rankColumns(importance)
    const { curve, positiveShare } = await tasks.run('noise-curve', `${key}/noise-curve`, { ...judged, order })
    return { importance, order, curve, positiveShare }
  }

  const importanceOf = async (
    judged: Omit<TaskPayload<'importance'>, 'from' | 'to'>,
    key: string,
  ): Promise<number[]> => {
    const shards = []
    for (let from = 0; from < columns.length; from += shardColumns) {
      const to = Math.min(from + shardColumns, columns.length)
      shards.push(tasks.run('importance', `${key}/importance-${from}`, { ...judged, from, to }))
    }
    return (await Promise.all(shards)).flatMap((shard) => shard.importance)
  }

  const [up, down] = await Promise.all([rankSide('up'), rankSide('down')])
  return { up, down, choice: chooseColumns(up, down, stored.table.columns.length) }
}

/** Tasks this stage runs over a table of `columns` columns. */
export function selectionTasks(columns: number): number {
  return 2 * (2 + Math.ceil(columns / shardColumns))
}
