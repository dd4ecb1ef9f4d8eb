import { expect, test } from '@jest/globals'
import { makeSeries, type Candle } from '#core/candles'
import { featureSet } from '#core/features'
import { newestVerdict } from '#core/model'
import { MemoryCandleStore, MemoryDriftActions, MemoryFeatureSnapshots } from '#platform/memory'
import { KnownDemotions } from '../../drift/index.ts'
import { ServiceEvents } from '../../events/service-events.ts'
import type { GivenVerdict, ServedModel, ServiceEvent } from '../../ports.ts'
import { after, bitcoin, history } from '../../series/__tests__/histories.ts'
import { FeatureBook } from '../../series/feature-book.ts'
import { ModelDesk } from '../model-desk.ts'
import { exampleForest, exampleModel } from './models.ts'
import { ScriptedChampions } from './scripted-champions.ts'

const reference = featureSet('reference')
const candles = history(1, reference.warmup + 4)
const settled = candles.slice(0, reference.warmup + 1)
const later = candles.slice(reference.warmup + 1)

async function openDesk(
  served: ServedModel | null = exampleModel(1),
  given: readonly Candle[] = settled,
  demotions?: KnownDemotions,
) {
  const book = new FeatureBook({
    store: new MemoryCandleStore(),
    snapshots: new MemoryFeatureSnapshots(),
    clock: after(candles),
  })
  await book.serve(bitcoin, reference)
  const champions = new ScriptedChampions(served ?? undefined)
  const events = new ServiceEvents()
  const heard: ServiceEvent[] = []
  events.on((event) => heard.push(event))
  const logged: GivenVerdict[] = []
  const notes: string[] = []
  const desk = new ModelDesk({
    book,
    champions,
    events,
    clock: () => 7,
    log: { add: (verdict) => logged.push(verdict) },
    onNote: (text) => notes.push(text),
    ...(demotions && { demotions }),
  })
  if (given.length > 0) await book.apply(bitcoin, given)
  return { book, champions, desk, heard, logged, notes }
}

function batchVerdict(of: readonly Candle[], { model }: ServedModel) {
  return newestVerdict(makeSeries({ ...bitcoin, source: 'test', candles: of }, { gaps: 'keep' }), model)
}

/** A model whose every probability is NaN. */
function notFiniteModel(version: number): ServedModel {
  const forest = exampleForest(version)
  forest.baseMargins.fill(NaN)
  return exampleModel(version, forest)
}

test('a verdict is what batch says of the same candles, with where it comes from', async () => {
  const served = exampleModel(1)
  const { desk } = await openDesk(served)
  expect(desk.current(bitcoin)).toEqual({
    ...bitcoin,
    ...batchVerdict(settled, served),
    id: 0,
    version: 1,
    sha256: served.manifest.model.sha256,
    at: 7,
  })
})

test('a verdict is computed once for each candle and model: told and logged once, then the same object', async () => {
  const { book, champions, desk, heard, logged } = await openDesk()
  const first = desk.current(bitcoin)
  expect(desk.current(bitcoin)).toBe(first)
  await book.apply(bitcoin, [settled.at(-1)!])
  expect(desk.current(bitcoin)).toBe(first)
  await book.apply(bitcoin, [later[0]!])
  const second = desk.current(bitcoin)
  champions.swap(exampleModel(2))
  const third = desk.current(bitcoin)
  expect([second, third].map(({ openTime, version }) => [openTime, version])).toEqual([
    [later[0]!.openTime, 1],
    [later[0]!.openTime, 2],
  ])
  expect(heard).toEqual([first, second, third].map((given) => ({ kind: 'verdict', given })))
  expect(logged).toEqual([first, second, third])
  expect(champions.reports).toEqual([
    [1, 'ok'],
    [1, 'ok'],
    [2, 'ok'],
  ])
})

test('a verdict is there before anyone asks', async () => {
  const { heard } = await openDesk()
  expect(heard).toHaveLength(1)
})

test('a revised history gives a verdict of its own', async () => {
  const served = exampleModel(1)
  const { book, desk } = await openDesk(served)
  const before = desk.current(bitcoin)
  const revised = [...settled]
  const row = revised.length - 5
  const { high } = revised[row]!
  revised[row] = { ...revised[row]!, high: high * 1.2, close: high * 1.2 }
  await book.apply(bitcoin, [revised[row]])
  const now = desk.current(bitcoin)
  expect(now).toMatchObject(batchVerdict(revised, served))
  expect(now.probabilities).not.toEqual(before.probabilities)
})

test('without candles, a model, or a settled history it says so, and nothing is told or noted', async () => {
  const empty = await openDesk(exampleModel(1), [])
  expect(() => empty.desk.current(bitcoin)).toThrow(expect.objectContaining({ code: 'NO_CANDLES' }))
  const short = await openDesk(exampleModel(1), settled.slice(1))
  expect(() => short.desk.current(bitcoin)).toThrow(
    `${reference.warmup} candles are too few: ${reference.warmup + 1} are needed`,
  )
  const { desk, champions, heard, notes } = await openDesk(null)
  expect(() => desk.current(bitcoin)).toThrow(expect.objectContaining({ code: 'NO_MODEL' }))
  champions.swap(exampleModel(1))
  expect(desk.current(bitcoin).version).toBe(1)
  expect([...empty.notes, ...short.notes, ...notes]).toEqual([])
  expect([...empty.heard, ...short.heard, ...heard]).toHaveLength(1)
})

test('while the features served are those of the next model, the verdict known is the answer', async () => {
  const { book, champions, desk } = await openDesk()
  const known = desk.current(bitcoin)
  await book.serve(bitcoin, featureSet('classic'))
  expect(book.view(bitcoin).set.name).toBe('classic')
  expect(desk.current(bitcoin)).toBe(known)
  champions.swap(exampleModel(2))
  expect(desk.current(bitcoin)).toBe(known)
  await book.serve(bitcoin, reference)
  expect(desk.current(bitcoin).version).toBe(2)
})

test('a score that is not finite never leaves and is told to the champions', async () => {
  const { desk, champions, heard, logged, notes } = await openDesk(notFiniteModel(3))
  expect(() => desk.current(bitcoin)).toThrow(
    'model version 3 gave no verdict: unexpected failure: a probability is not',
  )
  expect(champions.reports).toEqual([
    [3, 'not-finite'],
    [3, 'not-finite'],
  ])
  expect([...heard, ...logged]).toEqual([])
  expect(notes).toEqual(['no verdict for the newest candle'])
})

test('when the champions take a failing model back at once, the question is answered by the one in its place', async () => {
  const { desk, champions, heard } = await openDesk(null)
  champions.instead = exampleModel(1)
  champions.swap(notFiniteModel(3))
  expect(desk.current(bitcoin).version).toBe(1)
  expect(champions.reports).toEqual([
    [3, 'not-finite'],
    [1, 'ok'],
  ])
  expect(heard).toHaveLength(1)
})

test('a model that throws is told to the champions', async () => {
  const served = exampleModel(1)
  const broken = { ...served, model: Object.assign(Object.create(served.model) as object, { answer: fail }) }
  const { desk, champions } = await openDesk(broken as unknown as ServedModel)
  expect(() => desk.current(bitcoin)).toThrow(expect.objectContaining({ code: 'VERDICT_FAILED' }))
  expect(champions.reports).toContainEqual([1, 'failed'])
})

test("a caller's own history is answered as batch does, and neither kept nor told", async () => {
  const served = exampleModel(1)
  const { desk, heard, logged } = await openDesk(served)
  const series = makeSeries({ ...bitcoin, source: 'test', candles }, { gaps: 'keep' })
  expect(desk.answerFor(series)).toMatchObject({ ...newestVerdict(series, served.model), id: 0, version: 1 })
  expect(() => desk.answerFor(makeSeries({ ...bitcoin, source: 'test', candles: later }, { gaps: 'keep' }))).toThrow(
    expect.objectContaining({ code: 'TOO_FEW_ROWS', details: expect.objectContaining({ needed: 300 }) as unknown }),
  )
  expect([heard.length, logged.length]).toEqual([1, 1])
})

test('a model that is demoted holds from that moment on, says why, and is logged as holding', async () => {
  const actions = new MemoryDriftActions()
  const demotions = new KnownDemotions(actions)
  const { champions, desk, logged, heard } = await openDesk(exampleModel(1), settled, demotions)
  const before = desk.current(bitcoin)
  await actions.record({ kind: 'hold-only', version: 1, ...bitcoin, at: 5, reason: 'return beyond its limit' })
  await demotions.look([1])
  const demoted = { reason: 'return beyond its limit', since: 5 }
  expect(desk.current(bitcoin)).toEqual({ ...before, verdict: 'hold', demoted })
  expect(logged.at(-1)).toBe(desk.current(bitcoin))
  expect(heard.at(-1)).toMatchObject({ kind: 'verdict', given: { verdict: 'hold' } })
  champions.swap(exampleModel(2))
  expect(desk.current(bitcoin)).not.toHaveProperty('demoted')
})

function fail(): never {
  throw new Error('no')
}
