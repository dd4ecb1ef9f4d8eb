import { describe, expect, test } from '@jest/globals'
import { alarmOf, cleanPipelines, plantedLeaks, syntheticSeries, type Pipeline } from '#core/leakage/testing'

const series = syntheticSeries(800, 7)
const alarm = (made: Pipeline) => alarmOf(made, series, 11)?.name

describe.each(Object.entries(plantedLeaks))('%s fails for', (check, pipelines) => {
  test.each(pipelines.map((made) => [made.name, made] as const))('%s', (_, made) => {
    expect(alarm(made)).toBe(check)
  })
})

test('the corpus holds at least twenty leaks and twenty clean pipelines', () => {
  expect(Object.values(plantedLeaks).flat().length).toBeGreaterThanOrEqual(20)
  expect(cleanPipelines.length).toBeGreaterThanOrEqual(20)
})

describe('no alarm is raised by', () => {
  test.each(cleanPipelines.map((made) => [made.name, made] as const))('%s', (_, made) => {
    expect(alarm(made)).toBeUndefined()
  })
})
