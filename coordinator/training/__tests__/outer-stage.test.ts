import { expect, test } from '@jest/globals'
import { decodeOutOfSample, scoreCard, scoreRows } from '#core/evaluation'
import { Forest } from '#core/model'
import type { Task } from '#core/protocol'
import { Random } from '#core/random'
import { countRows, defaultEmbargo, gatherMatrix, planRows, rowsIn, splitter, type RowRange } from '#core/selection'
import {
  MemoryModelRegistry,
  MemoryObjectStore,
  MemoryRunStore,
  MemoryShardIndex,
  MemoryTaskQueue,
} from '#platform/memory'
import { TaskClient } from '../../tasks/index.ts'
import { evaluateOuterSteps, outerSplitter, outerSteps, outerTasks, type OuterEvaluation } from '../outer-stage.ts'
import { seriesOf, specOf, stumpModelOf, tableOf } from '../testing/procedure-fixture.ts'

/** One trial in the search of a step, two in that of the registered model. */
const spec = specOf({ outer: { window: 'rolling', steps: 3, trials: 1 } })
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

test('windows roll or expand as the spec says', () => {
  const expanding = outerSteps({ ...spec, outer: { ...spec.outer!, window: 'expanding' } }, table, plan)
  const starts = (of: typeof steps) => of.map(({ window }) => rowsIn(window.rows)[0])
  expect(starts(expanding)).toEqual([20, 20, 20])
  expect(new Set(starts(steps)).size).toBe(3)
})

test('the keys are those of the registered model under the name of the step', async () => {
  const { tasks } = await evaluate()
  const keys = tasks.map(({ key }) => key.replace(/@.*/, ''))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.filter((key) => key.startsWith('outer-2/')).sort()).toEqual([
    'outer-2/fit',
    'outer-2/search/trial-0/fold-0',
    'outer-2/search/trial-0/fold-1',
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
  for (const column of ['weight', 'naive', 'target', 'reach'] as const) {
    expect(predictions.rowIndexes.every((row, i) => predictions[column][i] === table[column][row])).toBe(true)
  }
  expect(record.score).toEqual(scoreCard(scoreRows(predictions), predictions.rows))
  expect(record.steps.map(({ step, trainRows, score }) => [step, trainRows, score.rows])).toEqual(
    steps.map(({ window, testRows }, step) => [step, countRows(window.rows), countRows(testRows)]),
  )
})

test('each step answers by the model of its own fit', async () => {
  const { evaluation } = await evaluate()
  const columns = [0, 1, 2]
  const answers = steps.flatMap(({ testRows }, step) => {
    const forest = Forest.fromXgboostJson(stumpModelOf(step + 1))
    return Array.from(forest.probabilities(gatherMatrix(table, columns, { rows: rowsIn(testRows) })))
  })
  expect(Array.from(evaluation.predictions.probabilities)).toEqual(answers)
})

test('each step answers by the calibration and the policy it chose itself', async () => {
  const { kind, policy } = { kind: 'platt', policy: 'conformal' } as const
  const { evaluation } = await evaluate({ ...spec, calibration: { kind, policy, coverage: 0.99, feeBps: 10 } })
  const { probabilities, verdict, rows } = evaluation.predictions
  // Labels are noise: nearly every set holds all classes, and what is called a third comes true a third of the time.
  expect(verdict.filter((said) => said === 0).length / rows).toBeGreaterThan(0.95)
  expect(Math.max(...probabilities)).toBeLessThan(0.45)
  const plain = (await evaluate()).evaluation.predictions
  expect(plain.verdict.filter((said) => said === 0).length / rows).toBeLessThan(0.4)
  expect(Math.max(...plain.probabilities)).toBeGreaterThan(0.9)
})

test('without outer steps in the spec there are none', () => {
  expect(outerSteps(specOf({}), table, plan)).toEqual([])
})

/** Runs the steps over a queue whose answers are made up: only the plan is looked at. */
async function evaluate(
  asked = spec,
): Promise<{ evaluation: OuterEvaluation; tasks: Task[]; objects: MemoryObjectStore }> {
  const queue = new MemoryTaskQueue()
  const runs = new MemoryRunStore()
  const objects = new MemoryObjectStore()
  const encode = (step: number) => objects.put(new TextEncoder().encode(stumpModelOf(step + 1)))
  const models = await Promise.all(steps.map((_, step) => encode(step)))
  const tasks: Task[] = []
  await runs.create('run', { ...asked })
  const client = await TaskClient.open({ queue, runs, runId: 'run', attempts: 1, timeoutMs: 60_000 })
  const handle = (task: Task) => {
    tasks.push(task)
    return Promise.resolve(answerOf(task, models[Number(/^outer-(\d+)/.exec(task.key)![1])]!))
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
    const run = { runId: 'run', spec: asked, stored: { sha256: 'a'.repeat(64), table }, series }
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
