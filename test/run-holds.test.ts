import { once } from 'node:events'
import { afterAll, expect, test } from '@jest/globals'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome, smallRun, startBullpen } from './testing/command.ts'

const { home, remove } = makeHome()
afterAll(remove)

test('a second coordinator refuses a run; once the first is killed it goes on at once, to the same model', async () => {
  const args = ['train', ...smallRun, '--trials', '10', '--seed', '5']
  const whole = documentOf<TrainingOutcome>(await bullpen(args, home))
  const first = startBullpen(args, home)
  await first.saw(/trial 1\b/)
  const runId = /run (\S+) started/.exec(first.stderr())![1]!
  const second = await bullpen(['train', '--resume', runId, '--json'], home)
  expect(second.status).toBe(1)
  const { error } = documentOf<{ error: { code: string; message: string } }>(second)
  expect(error.code).toBe('RUN_HELD')
  expect(error.message).toContain(`process ${first.child.pid}`)
  const ended = once(first.child, 'exit')
  first.child.kill('SIGKILL')
  await ended
  const resumed = await bullpen(['train', '--resume', runId, '--json'], home)
  expect(resumed.stderr).toContain(`taking run ${runId} over from`)
  const outcome = documentOf<TrainingOutcome>(resumed)
  expect(outcome.model.sha256).toBe(whole.model.sha256)
  expect(outcome.search).toEqual(whole.search)
}, 180_000)
