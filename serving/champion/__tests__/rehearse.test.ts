import { expect, test } from '@jest/globals'
import { featureSet } from '#core/features'
import { AnsweringModel, Forest } from '#core/model'
import { exampleModelColumns, exampleModelJson } from '#core/model/testing'
import { Random } from '#core/random'
import { defaultRehearsalLimits, rehearse } from '../rehearse.ts'

const set = featureSet('reference')
const contract = {
  featureSet: set.name,
  featureSetHash: set.hash,
  columns: exampleModelColumns,
  policy: { kind: 'argmax' },
} as const
const random = Random.of('rehearsal')
const rows = Array.from({ length: 64 }, () => Float64Array.from(set.columns, () => 1 + 30 * random.uniform()))
const limits = { ...defaultRehearsalLimits, answerMs: 10 }

function modelOf(bend: (forest: Forest) => void = () => undefined): AnsweringModel {
  const forest = Forest.fromXgboostJson(JSON.stringify(exampleModelJson('rehearsal')))
  bend(forest)
  return new AnsweringModel(forest, contract)
}
/** A clock by which the answers take these times in turn. */
function clockOf(times: (answer: number) => number): () => number {
  let [now, calls] = [0, 0]
  return () => (calls++ % 2 === 0 ? now : (now += times((calls - 2) / 2)))
}
const failure = (reason: RegExp) => ({
  code: 'REHEARSAL_FAILED',
  details: { version: 7, rows: rows.length, reason: expect.stringMatching(reason) as unknown },
})

test('a sound model passes, also when nothing is there to try it on', async () => {
  const now = clockOf(() => 1)
  await rehearse(7, modelOf(), rows, limits, { now })
  await rehearse(7, modelOf(), [], limits, { now })
})

test('a score that is no number fails', async () => {
  const model = modelOf((forest) => forest.baseMargins.fill(NaN))
  await expect(rehearse(7, model, rows, limits)).rejects.toMatchObject(failure(/^gave probabilities NaN, NaN, NaN$/))
})

test('one verdict with certainty on every row fails, on few rows it may be right', async () => {
  const model = modelOf((forest) => (forest.baseMargins[2] = 900))
  const now = clockOf(() => 1)
  await expect(rehearse(7, model, rows, limits, { now })).rejects.toMatchObject(failure(/^said buy with certainty/))
  await rehearse(7, model, rows.slice(0, limits.certainRows - 1), limits, { now })
})

test('answers may be slow now and then, not as a rule', async () => {
  await rehearse(7, modelOf(), rows.slice(0, 1), limits, { now: clockOf(() => 10) })
  const hundred = [...rows, ...rows].slice(0, 100)
  await rehearse(7, modelOf(), hundred, limits, { now: clockOf((answer) => (answer === 50 ? 500 : 1)) })
  const slow = rehearse(7, modelOf(), rows, limits, { now: clockOf(() => 12.34) })
  await expect(slow).rejects.toMatchObject(failure(/^took 12.3 ms for an answer, more than 10$/))
})

test('it ends as soon as the result is not wanted any more', async () => {
  const abort = new AbortController()
  abort.abort(new Error('enough'))
  await expect(rehearse(7, modelOf(), rows, limits, { signal: abort.signal })).rejects.toThrow('enough')
})
