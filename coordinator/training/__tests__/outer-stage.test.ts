import { expect, test } from '@jest/globals'
import { decodeOutOfSample, scoreCard, scoreRows } from '#core/evaluation'
import type { Task } from '#core/protocol'
import { Random } from '#core/random'
import { countRows, defaultEmbargo, planRows, rowsIn, splitter, type RowRange } from '#core/selection'
import {
  MemoryModelRegistry,
  MemoryObjectStore,
  MemoryRunStore,
  MemoryShardIndex,
  MemoryTaskQueue,
} from '#platform/memory'
import { TaskClient } from '../../tasks/index.ts'
import { evaluateOuterSteps, outerSplitter, outerSteps, outerTasks, type OuterEvaluation } from '../outer-stage.ts'
import { seriesOf, specOf, stumpModel, tableOf } from '../testing/procedure-fixture.ts'

const spec = specOf({ outer: { window: 'expanding', steps: 3, trials: 2 } })
const table = tableOf(2400)
const series = seriesOf(table)
const plan = planRows(table, {
  splits: splitter('purged', table, spec.splits),
  outer: outerSplitter(spec, defaultEmbargo(table))!,
})
const steps = outerSteps(spec, table, plan)

test('every task of an outer step reads rows of its window alone, whose labels end before the step is tested', async () => {
  const { tasks } = await evaluate()
  expect(tasks).toHaveLength(outerTasks(spec, steps, table.columns.length))
  for (const task of tasks) {
    const [, number] = /^outer-(\d+)\//.exec(task.key)!
    const { window, testRows } = steps[Number(number)]!
    const inWindow = new Set(rowsIn(window.rows))
    const firstTested = rowsIn(testRows)[0]!
    for (const row of rowsRead(task)) {
      expect(inWindow.has(row)).toBe(true)
      expect(table.reach[row]! + plan.embargo).toBeLessThan(firstTested)
    }
  }
})

test('the keys are those of the registered model under the name of the step', async () => {
  const { tasks } = await evaluate()
  const keys = tasks.map(({ key }) => key.replace(/@.*/, ''))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.filter((key) => key.startsWith('outer-2/')).sort()).toEqual([
    'outer-2/fit',
    'outer-2/search/trial-0/fold-0',
    'outer-2/search/trial-0/fold-1',
    'outer-2/search/trial-1/fold-0',
    'outer-2/search/trial-1/fold-1',
    'outer-2/selection/down/fit',
    'outer-2/selection/down/importance-0',
    'outer-2/selection/down/noise-curve',
    'outer-2/selection/up/fit',
    'outer-2/selection/up/importance-0',
    'outer-2/selection/up/noise-curve',
  ])
})

test('predictions are kept as an object: each later row once, by the step that tested it, and scored with its weight', async () => {
  const { evaluation, objects } = await evaluate()
  const { record } = evaluation
  const predictions = decodeOutOfSample((await objects.get(record.predictions)).slice())
  expect(predictions).toEqual(evaluation.predictions)
  expect(Array.from(predictions.rowIndexes)).toEqual(steps.flatMap(({ testRows }) => Array.from(rowsIn(testRows))))
  expect(predictions.rowIndexes.every((row, i) => predictions.openTime[i] === table.openTime[row])).toBe(true)
  expect(predictions.rowIndexes.every((row, i) => predictions.weight[i] === table.weight[row])).toBe(true)
  expect(record.score).toEqual(scoreCard(scoreRows(predictions), predictions.rows))
  expect(record.steps.map(({ step, trainRows, score }) => [step, trainRows, score.rows])).toEqual(
    steps.map(({ window, testRows }, step) => [step, countRows(window.rows), countRows(testRows)]),
  )
})

test('without outer steps in the spec there are none', () => {
  expect(outerSteps(specOf({}), table, plan)).toEqual([])
})

/** Runs the steps over a queue whose answers are made up: only the plan is looked at. */
async function evaluate(): Promise<{ evaluation: OuterEvaluation; tasks: Task[]; objects: MemoryObjectStore }> {
  const queue = new MemoryTaskQueue()
  const runs = new MemoryRunStore()
  const objects = new MemoryObjectStore()
  const model = await objects.put(new TextEncoder().encode(stumpModel))
  const tasks: Task[] = []
  await runs.create('run', { ...spec })
  const client = await TaskClient.open({ queue, runs, runId: 'run', attempts: 1, timeoutMs: 60_000 })
  const handle = (task: Task) => {
    tasks.push(task)
    return Promise.resolve(answerOf(task, model))
  }
  const consumer = queue.consume(handle, { concurrency: 2, worker: 'test' })
  const services = {
    ...{ runs, objects, tasks: client, registry: new MemoryModelRegistry(), shards: new MemoryShardIndex() },
    ...{
      progress: () => undefined,
      now: () => 0,
      threads: 2,
      signingKey: () => Promise.reject(new Error('nothing is signed')),
    },
  }
  try {
    const run = { runId: 'run', spec, stored: { sha256: 'a'.repeat(64), table }, series }
    return { evaluation: await evaluateOuterSteps(steps, run, services), tasks, objects }
  } finally {
    await consumer.drain()
    await client.close()
    await queue.close()
  }
}

function answerOf(task: Task, model: string): unknown {
  switch (task.name) {
    case 'fit':
      return { model, bytes: 1, rounds: 1, fitMs: 1 }
    case 'importance':
      return { baseline: 0.5, importance: task.payload.columns.map((column) => 0.1 - 0.01 * column) }
    case 'noise-curve':
      return { curve: task.payload.order.map((_, i) => 0.5 - 0.1 * i), positiveShare: 0.3 }
    case 'fold': {
      const rocAucOvrWeighted = Random.of(task.key).uniform()
      return {
        metrics: { rocAucOvrWeighted, f1Weighted: 0, logLoss: 1, naiveRocAucOvrWeighted: 0 },
        rounds: 1,
        fitMs: 1,
      }
    }
    default:
      throw new Error(`no outer step has a task ${task.name}`)
  }
}

function rowsRead({ payload }: Task): number[] {
  const { trainRows = [], testRows = [] } = payload as Partial<Record<'trainRows' | 'testRows', RowRange[]>>
  return [...rowsIn(trainRows), ...rowsIn(testRows)]
}
