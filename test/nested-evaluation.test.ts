import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { decodeOutOfSample } from '#core/evaluation'
import { FolderObjectStore } from '#platform/objects'
import { RedisServer } from '#platform/queue/testing'
import { join } from 'node:path'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome, smallRun, startBullpen } from './testing/command.ts'

const { home, remove } = makeHome()
afterAll(remove)

const plain = ['train', ...smallRun, '--label', 'triple-barrier', '--label-param', 'time-limit=8', '--trials', '2']
const nested = [...plain, '--splits', 'walk-forward', '--outer-steps', '2', '--outer-trials', '1']

let outcome: TrainingOutcome

beforeAll(async () => {
  outcome = documentOf<TrainingOutcome>(await bullpen(nested, home))
}, 180_000)

test('the outer steps have a score, and their predictions are an object of the run', async () => {
  const { outOfSample } = outcome.metrics
  const objects = new FolderObjectStore(join(home, 'objects'))
  const predictions = decodeOutOfSample((await objects.get(outOfSample!.predictions)).slice())
  expect(outOfSample).toMatchObject({ window: 'expanding', steps: [{ step: 0 }, { step: 1 }] })
  expect(predictions).toMatchObject({ steps: 2, rows: outOfSample!.score.rows })
  expect(predictions.weight.some((weight) => weight < 1)).toBe(true)
})

test('the registered model is the same with and without outer steps, which teach it nothing', async () => {
  const without = documentOf<TrainingOutcome>(await bullpen(plain, home))
  expect(without.model.sha256).toBe(outcome.model.sha256)
  expect(without.metrics).not.toHaveProperty('outOfSample')
  expect(without.search).toEqual(outcome.search)
}, 120_000)

test('a run killed in its outer steps is finished by agents over Redis, with the same predictions and the same model', async () => {
  const redis = await RedisServer.start()
  const queue = ['--queue', redis.url]
  const agent = startBullpen(['worker', ...queue, '--threads', '2', '--json'], home)
  try {
    const killed = startBullpen(nested, home)
    await killed.saw(/outer: started/)
    killed.child.kill('SIGKILL')
    const runId = /\d{8}-\d{6}-[0-9a-f]{6}/.exec((await killed.done).stderr)![0]
    const resumed = documentOf<TrainingOutcome>(await bullpen(['train', '--resume', runId, ...queue, '--json'], home))
    expect(resumed.metrics.outOfSample).toEqual(outcome.metrics.outOfSample)
    expect(resumed.model.sha256).toBe(outcome.model.sha256)
  } finally {
    agent.child.kill('SIGTERM')
    await agent.done
    await redis.stop()
  }
  // Two outer steps of 15 tasks each, less what the killed process had ended.
  expect(documentOf<{ done: number }>(await agent.done).done).toBeGreaterThan(30)
}, 180_000)
