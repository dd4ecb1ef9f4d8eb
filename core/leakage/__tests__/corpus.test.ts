import { describe, expect, test } from '@jest/globals'
import {
  alarmOf,
  cleanPipelines,
  leakingFeatures,
  leakingFolds,
  leakingLabels,
  leakingProcedures,
  leakingRows,
  syntheticSeries,
  type Pipeline,
} from '#core/leakage/testing'

const series = syntheticSeries(800, 7)
const alarm = (made: Pipeline) => alarmOf(made, series, 11)?.name

const leaks: Readonly<Record<string, readonly Pipeline[]>> = {
  'features-causal': leakingFeatures,
  'label-reach': leakingLabels,
  'folds-clear': leakingFolds,
  'rows-distinct': leakingRows,
  'shuffled-labels-at-chance': leakingProcedures.slice(0, -1),
  'planted-answer-found': leakingProcedures.slice(-1),
}

describe.each(Object.entries(leaks))('%s fails for', (check, pipelines) => {
  test.each(pipelines.map((made) => [made.name, made] as const))('%s', (_, made) => {
    expect(alarm(made)).toBe(check)
  })
})

test('the corpus holds at least twenty leaks and twenty clean pipelines', () => {
  expect(Object.values(leaks).flat().length).toBeGreaterThanOrEqual(20)
  expect(cleanPipelines.length).toBeGreaterThanOrEqual(20)
})

describe('no alarm is raised by', () => {
  test.each(cleanPipelines.map((made) => [made.name, made] as const))('%s', (_, made) => {
    expect(alarm(made)).toBeUndefined()
  })
})
