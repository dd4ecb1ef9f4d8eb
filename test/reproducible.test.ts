import { afterAll, expect, test } from '@jest/globals'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome, smallRun, startBullpen } from './testing/command.ts'

const { home, remove } = makeHome()
afterAll(remove)

const search = ['train', ...smallRun, '--trials', '10']
const pruned = [...search, '--pruner', 'median', '--seed', '3']

/** What must not depend on threads or interruptions. */
function fingerprint({ model, search: { trials, best }, columns }: TrainingOutcome) {
  return { sha256: model.sha256, trials, best, columns }
}

async function train(args: readonly string[]): Promise<TrainingOutcome> {
  return documentOf<TrainingOutcome>(await bullpen(args, home))
}

let whole: TrainingOutcome
let undisturbed: ReturnType<typeof fingerprint>

test('one, two and four threads give the same trials in the same order and the same model', async () => {
  whole = await train([...pruned, '--threads', '1'])
  undisturbed = fingerprint(whole)
  expect(fingerprint(await train([...pruned, '--threads', '2']))).toEqual(undisturbed)
  expect(fingerprint(await train([...pruned, '--threads', '4']))).toEqual(undisturbed)
}, 300_000)

test('another seed gives another search', async () => {
  const other = fingerprint(await train([...search, '--trials', '3', '--pruner', 'median', '--seed', '4']))
  expect(other.trials).not.toEqual(undisturbed.trials.slice(0, 3))
}, 120_000)

test('a run killed in the middle of its search is finished by --resume with the same result', async () => {
  const killed = startBullpen(pruned, home)
  await killed.saw(/trial 4\b/)
  killed.child.kill('SIGKILL')
  const { stderr } = await killed.done
  const runId = /\d{8}-\d{6}-[0-9a-f]{6}/.exec(stderr)![0]
  const resumed = documentOf<TrainingOutcome>(await bullpen(['train', '--resume', runId, '--json'], home))
  expect(resumed.runId).toBe(runId)
  expect(fingerprint(resumed)).toEqual(undisturbed)
}, 180_000)

test('Ctrl-C drains, ends with status 130 and says how to resume; resuming gives the same result', async () => {
  const interrupted = startBullpen(pruned, home)
  await interrupted.saw(/trial 3\b/)
  interrupted.child.kill('SIGINT')
  const { status, stderr } = await interrupted.done
  expect(status).toBe(130)
  const runId = /bullpen train --resume (\S+)/.exec(stderr)![1]!
  const resumed = documentOf<TrainingOutcome>(await bullpen(['train', '--resume', runId, '--json'], home))
  expect(fingerprint(resumed)).toEqual(undisturbed)
}, 180_000)

test('a finished run is not run again', async () => {
  const { status, stderr } = await bullpen(['train', '--resume', whole.runId, '--json'], home)
  expect(status).toBe(2)
  expect(stderr).toContain('RUN_FINISHED')
}, 120_000)
