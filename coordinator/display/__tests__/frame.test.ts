import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { ProgressEvent } from '../../progress.ts'
import { initialState, reduce, timeLeft, type DisplayState } from '../display-state.ts'
import { renderFrame } from '../frame.ts'

const trial = (number: number, more: Partial<Extract<ProgressEvent, { kind: 'trial' }>> = {}): ProgressEvent => ({
  kind: 'trial',
  number,
  trials: 10,
  state: 'complete',
  score: 0.78,
  best: { number: 1, score: 0.7912 },
  ...more,
})

function after(...events: readonly (readonly [number, ProgressEvent])[]): DisplayState {
  return events.reduce((state, [at, event]) => reduce(state, event, at), initialState(0))
}

test('a frame shows every stage, what is done, and a search with its best score and time left', () => {
  const state = after(
    [0, { kind: 'run', runId: 'r-7', resumed: false }],
    [0, { kind: 'stage-start', stage: 'candles' }],
    [400, { kind: 'stage-end', stage: 'candles', ms: 400, text: '2195 bars' }],
    [400, { kind: 'stage-start', stage: 'search', tasks: 10 }],
    [5_400, trial(0)],
    [10_400, trial(1, { state: 'pruned', score: null })],
  )
  expect(renderFrame(state, 120, 10_400)).toEqual([
    'run r-7  0:10',
    '✔ candles        400 ms  2195 bars',
    '· features',
    '· selection',
    '⠼ search     █████░░░░░░░░░░░░░░░░░░░ 2/10  0:10  ETA 0:40  best 0.7912 (trial 1)  1 pruned',
    '· calibrate',
    '· fit',
    '· score',
    '· certify',
    '· register',
    '· report',
  ])
})

test('before anything has finished the time left and the best are unknown, and say so', () => {
  const state = after([0, { kind: 'stage-start', stage: 'search', tasks: 10 }])
  expect(renderFrame(state, 120, 3_000)[4]).toBe('⠋ search     ░░░░░░░░░░░░░░░░░░░░░░░░ 0/10  0:03  ETA …  best …')
})

test('trials found from an interrupted run count as done and not as pace', () => {
  const found = [0, 1, 2, 3].map((number) => [0, trial(number, { reused: true })] as const)
  const start = [0, { kind: 'stage-start', stage: 'search', tasks: 10 }] as const
  const search = (state: DisplayState) => state.stages[0]!
  expect(timeLeft(search(after(start, ...found)), 1_000)).toBeNull()
  expect(timeLeft(search(after(start, ...found, [3_000, trial(4)])), 3_000)).toBe(15_000)
})

test('a stage that counts nothing shows its elapsed time only', () => {
  const state = after([1_000, { kind: 'stage-start', stage: 'features' }])
  expect(renderFrame(state, 80, 66_000)[2]).toMatch(/^. features {3}1:05$/)
})

test('no line is wider than the terminal, whatever the texts hold, and none carries a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 2, max: 60 }), (text, columns) => {
      const state = after(
        [0, { kind: 'run', runId: text, resumed: true }],
        [0, { kind: 'stage-start', stage: 'candles' }],
        [1, { kind: 'stage-end', stage: 'candles', ms: 1, text }],
      )
      for (const line of renderFrame(state, columns, 5)) {
        expect(Array.from(line).length).toBeLessThan(columns)
        expect(line).not.toMatch(/\p{Cc}/u)
      }
    }),
  )
})
