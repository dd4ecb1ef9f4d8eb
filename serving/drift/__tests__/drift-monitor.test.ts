import { beforeEach, expect, test } from '@jest/globals'
import type { Candle } from '#core/candles'
import { encodeDriftReference, featureReference, meanReference, type DriftReference } from '#core/drift'
import { BullpenError } from '#core/errors'
import { Random } from '#core/random'
import { MemoryDriftActions, MemoryObjectStore, MemoryPredictionLog } from '#platform/memory'
import { ServiceEvents } from '../../events/service-events.ts'
import type { SeriesBook, ServedModel, ServiceEvent } from '../../ports.ts'
import { FixedChampions } from '../../testing/fixed-champions.ts'
import { exampleColumns, exampleModel } from '../../verdicts/__tests__/models.ts'
import { DriftMonitor, KnownDemotions, type DriftMonitorParts, type DriftPolicy } from '../index.ts'

const key = { symbol: 'BTC/USDT', widthMs: 14_400_000 }
const window = 60
const bars = 1
const feeBps = 10

/** Candles that move by 2 % every other bar, up or down as `rises` says. */
function candlesOf(count: number, rises: (row: number) => boolean): Candle[] {
  let close = 100
  return Array.from({ length: count }, (_, row) => {
    const open = close
    close = open * (rises(row) ? 1.02 : 0.98)
    return {
      openTime: row * key.widthMs,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: 1,
    }
  })
}

let candles: Candle[]
let featureShift: number
let served: ServedModel
let log: MemoryPredictionLog
let actions: MemoryDriftActions
let events: ServiceEvents
let heard: ServiceEvent[]
let rolledBack: number[]
let parts: DriftMonitorParts

beforeEach(async () => {
  candles = []
  featureShift = 0
  heard = []
  rolledBack = []
  log = new MemoryPredictionLog()
  actions = new MemoryDriftActions()
  events = new ServiceEvents()
  events.on((event) => heard.push(event))
  const objects = new MemoryObjectStore()
  const model = exampleModel(3)
  const random = Random.of('reference')
  const values = () => Float64Array.from({ length: 2000 }, () => random.normal())
  const often = Float64Array.from({ length: 1000 }, (_, i) => i % 2)
  const reference: DriftReference = {
    format: 1,
    featureSetHash: model.manifest.contract.featureSetHash,
    window,
    ...featureReference(
      exampleColumns.map((name) => ({ name, values: values() })),
      window,
      0.01,
    ),
    outcome: { bars, feeBps, low: -0.01, high: 0.01 },
    said: [often, often.map(() => 0), often].map((said) => meanReference(said, 2)),
    brier: meanReference(
      often.map((value) => 0.1 + 0.2 * value),
      2,
    ),
    realised: meanReference(
      often.map((value) => 0.01 + 0.02 * value),
      2,
    ),
  }
  const bytes = encodeDriftReference(reference)
  const driftReference = { sha256: await objects.put(bytes), bytes: bytes.length }
  served = { ...model, manifest: { ...model.manifest, driftReference } }
  parts = {
    book: book(),
    champions: new FixedChampions(served),
    log,
    objects,
    actions,
    demotions: new KnownDemotions(actions),
    events,
    rollBack: (version) => {
      rolledBack.push(version)
      return Promise.resolve()
    },
    clock: () => 77,
  }
})

function book(): SeriesBook {
  const random = Random.of('now')
  const { columns } = exampleModel(3).model.set
  return {
    view: () => ({ set: served.model.set }),
    candles: (_: unknown, limit: number) => candles.slice(-limit),
    recentFeatures: (_: unknown, limit: number) =>
      Array.from({ length: Math.min(limit, candles.length) }, () =>
        Float64Array.from(columns, () => featureShift + random.normal()),
      ),
  } as unknown as SeriesBook
}

/** Verdicts that turn buy and sell with the market, or against it. */
async function history(rows: number, goesWithMarket: boolean): Promise<void> {
  const rises = (row: number) => Math.floor(row / 2) % 2 === 0
  candles = candlesOf(rows, rises)
  for (const [row, { openTime, close }] of candles.entries()) {
    const buy = rises(row + 1) === goesWithMarket
    const probabilities = buy ? { sell: 0.1, hold: 0.2, buy: 0.7 } : { sell: 0.7, hold: 0.2, buy: 0.1 }
    const verdict = buy ? 'buy' : 'sell'
    const given = {
      ...key,
      openTime,
      close,
      verdict,
      probabilities,
      version: 3,
      sha256: served.manifest.model.sha256,
      at: 0,
    } as const
    await log.append(given)
  }
}

/** Checks as many new candles as confirm a drift, and one more. */
async function watch(policy: DriftPolicy, goesWithMarket: boolean, monitors = 1): Promise<DriftMonitor[]> {
  const all = Array.from({ length: monitors }, () => new DriftMonitor(parts, { policy, retrain: true }))
  for (let extra = 0; extra < 4; extra++) {
    await history(80 + extra, goesWithMarket)
    for (const monitor of all) await monitor.check()
  }
  return all
}

const kinds = async () => (await actions.of(3)).map(({ kind }) => kind)

test('verdicts that fail are told of once, and under the policy watch nothing more but a wish to retrain', async () => {
  await watch('watch', false)
  const told = heard.filter((event) => event.kind === 'drift')
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ series: key, version: 3, adverse: true })
  expect(await kinds()).toEqual(['retrain-wanted'])
  expect(await actions.retrainWanted()).toMatchObject([{ ...key, version: 3, at: 77 }])
  expect(parts.demotions.of(3, key)).toBeUndefined()
})

test('under hold-only the model is demoted once, by whichever of two replicas, and stays so after a restart', async () => {
  await watch('hold-only', false, 2)
  expect((await kinds()).filter((kind) => kind === 'hold-only')).toHaveLength(1)
  expect(parts.demotions.of(3, key)).toMatchObject({ since: 77, reason: expect.stringContaining('return') as unknown })
  const restarted = new KnownDemotions(actions)
  await restarted.look([3])
  expect(restarted.of(3, key)).toEqual(parts.demotions.of(3, key))
  await restarted.look([4])
  expect(restarted.of(3, key)).toBeUndefined()
})

test('a version that is reinstated acts again, and only drift that is confirmed anew demotes again', async () => {
  const [monitor] = await watch('hold-only', false)
  const changed: unknown[] = []
  parts.demotions.onChange((series) => changed.push([series, parts.demotions.of(3, series) !== undefined]))
  await actions.reinstate(3, { at: 78, by: 'ann', why: 'the feed was wrong' })
  await monitor!.check()
  expect(changed).toEqual([[key, false]])
  for (let extra = 0; extra < 3; extra++) {
    expect(parts.demotions.of(3, key)).toBeUndefined()
    await history(90 + extra, false)
    await monitor!.check()
  }
  expect(parts.demotions.of(3, key)).toMatchObject({ since: 77 })
  expect((await kinds()).filter((kind) => kind === 'hold-only')).toHaveLength(2)
})

test('under previous-champion the alias is taken back once', async () => {
  await watch('previous-champion', false)
  expect(rolledBack).toEqual([3])
  expect(await kinds()).toContain('rolled-back')
  expect(parts.demotions.of(3, key)).toBeUndefined()
})

test('without an earlier champion the model only holds', async () => {
  parts = { ...parts, rollBack: () => Promise.reject(new BullpenError('NO_EARLIER_VERSION', { alias: 'champion' })) }
  await watch('previous-champion', false)
  expect(parts.demotions.of(3, key)).toBeDefined()
})

test('a model that does as it was judged is left alone, and two bad candles are not three', async () => {
  await watch('hold-only', true)
  expect(await kinds()).not.toContain('hold-only')
  const monitor = new DriftMonitor(parts, { policy: 'hold-only', retrain: false })
  for (let extra = 0; extra < 2; extra++) {
    await history(90 + extra, false)
    await monitor.check()
    await monitor.check()
  }
  expect(await kinds()).not.toContain('hold-only')
})

test('moved features want a retraining, and demote nobody', async () => {
  featureShift = 3
  await watch('hold-only', true)
  const actionsTaken = await kinds()
  expect(actionsTaken).toContain('retrain-wanted')
  expect(actionsTaken).not.toContain('hold-only')
})

test('what is away keeps watching waiting, and nobody else', async () => {
  const notes: string[] = []
  parts = {
    ...parts,
    log: { page: () => Promise.reject(new Error('away')) },
    onNote: (text) => notes.push(text),
  }
  await watch('hold-only', false)
  expect(notes).toHaveLength(4)
  expect(await kinds()).toEqual([])
})
