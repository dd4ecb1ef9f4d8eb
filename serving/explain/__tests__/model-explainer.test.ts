import { expect, test } from '@jest/globals'
import { verdicts } from '#core/verdict'
import { featureSet } from '#core/features'
import { MemoryCandleStore, MemoryFeatureSnapshots } from '#platform/memory'
import { ServiceEvents } from '../../events/service-events.ts'
import { after, bitcoin, history } from '../../series/__tests__/histories.ts'
import { FeatureBook } from '../../series/feature-book.ts'
import { exampleColumns, exampleForest, exampleModel } from '../../verdicts/__tests__/models.ts'
import { ScriptedChampions } from '../../verdicts/__tests__/scripted-champions.ts'
import { ModelDesk } from '../../verdicts/model-desk.ts'
import { ModelExplainer } from '../model-explainer.ts'

const reference = featureSet('reference')

/** A model of more columns than are told one by one. */
function wideModel(version: number) {
  const more = reference.columns.filter((column) => /^EMA\d+_REL$/.test(column) && !exampleColumns.includes(column))
  const columns = [...exampleColumns, ...more]
  return exampleModel(version, exampleForest(version, 90, columns), columns)
}

async function openExplainer(seed: number) {
  const candles = history(seed, reference.warmup + 1)
  const book = new FeatureBook({
    store: new MemoryCandleStore(),
    snapshots: new MemoryFeatureSnapshots(),
    clock: after(candles),
  })
  await book.serve(bitcoin, reference)
  const served = wideModel(seed)
  const champions = new ScriptedChampions(served)
  const desk = new ModelDesk({ book, champions, events: new ServiceEvents(), log: { add: () => undefined } })
  await book.apply(bitcoin, candles)
  return { book, served, champions, explainer: new ModelExplainer({ book, champions, desk }) }
}

const seeds = [1, 2, 3]

test.each(seeds)('baseline, contributions and rest add up to the margins of each class (%d)', async (seed) => {
  const { book, served, explainer } = await openExplainer(seed)
  const { margins: told, baseline, contributions, rest } = explainer.explain(bitcoin)
  const { model } = served
  const data = model.inputOf(book.view(bitcoin).features!)
  const margins = model.forest.margins({ rows: 1, columns: data.length, data })
  verdicts.forEach((verdict, group) => {
    const columns = contributions.reduce((sum, each) => sum + each.margins[verdict], 0)
    expect(baseline[verdict] + columns + rest[verdict]).toBeCloseTo(told[verdict], 12)
    // The trees sum them in float32.
    expect(told[verdict]).toBeCloseTo(margins[group]!, 4)
  })
})

test('the ten columns that move the verdict most are told, most first, with their values', async () => {
  const { book, explainer } = await openExplainer(1)
  const { given, contributions, words } = explainer.explain(bitcoin)
  const { features, set } = book.view(bitcoin)
  const moves = contributions.map(({ margins }) => Math.abs(margins[given.verdict]))
  expect(moves).toEqual([...moves].sort((a, b) => b - a))
  expect(contributions.map(({ value }) => value)).toEqual(
    contributions.map(({ column }) => features![set.columns.indexOf(column)]),
  )
  expect(contributions).toHaveLength(10)
  expect(words).toHaveLength(5)
  for (const text of words)
    expect(text).toMatch(/^[A-Z0-9].*: speaks (for|against) (buy|hold|sell) \([+-]\d+\.\d\d\)\.$/)
})

test.each([1, 2, 4, 5])('at the flip close the verdict is the other one (%d)', async (seed) => {
  const { book, served, explainer } = await openExplainer(seed)
  const { given, flip } = explainer.explain(bitcoin)
  expect(flip).not.toBeNull()
  const { verdict } = served.model.answer(book.featuresIfClosedAt(bitcoin, flip!.close)!)
  expect(verdict).toBe(flip!.verdict)
  expect(verdict).not.toBe(given.verdict)
  expect(flip!.changePct).toBeCloseTo((flip!.close / given.close - 1) * 100, 10)
})

test('an explanation is computed once for each verdict', async () => {
  const { champions, explainer } = await openExplainer(1)
  const first = explainer.explain(bitcoin)
  expect(explainer.explain(bitcoin)).toBe(first)
  champions.swap(wideModel(2))
  expect(explainer.explain(bitcoin).given.version).toBe(2)
})

test('while another feature set is served, the verdict of the model before is not explained with it', async () => {
  const { book, explainer } = await openExplainer(1)
  await book.serve(bitcoin, featureSet('classic'))
  expect(() => explainer.explain(bitcoin)).toThrow(expect.objectContaining({ code: 'NOT_READY' }))
})
