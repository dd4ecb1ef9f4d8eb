import { beforeEach, describe, expect, test } from '@jest/globals'
import { defaultRules, followTargets, noCosts, targetPositions } from '#core/backtest'
import { sliceSeries, type CandleSeries } from '#core/candles'
import type { ModelVersion, Publisher } from '#core/registry'
import { exampleManifest, firstVersion } from '#core/registry/testing'
import { MemoryModelRegistry } from '#platform/memory'
import { answerRows } from '../../backtest/index.ts'
import { renderReplay } from '../../report/index.ts'
import { markupFaults } from '../../report/testing/well-formed.ts'
import { stumpModel, walkSeries, widthMs } from '../../backtest/__tests__/stump-model.ts'
import { replayDocument, replayLines, replayPipeline, type ReplayChoices, type WeekTrainer } from '../index.ts'

/** 42 bars of 4 hours a week. */
const weekBars = 42
const series = walkSeries(600, 5)
const choices: ReplayChoices = {
  weeks: 6,
  rules: { ...defaultRules, short: true },
  costs: noCosts,
  draws: 100,
  seed: 1,
}

/** A gate that promotes the models whose candles end in one of `promotes`, counted in bars. */
class ScriptedTrainer implements WeekTrainer {
  readonly asked: { readonly known: number; readonly registry: Publisher }[] = []
  private readonly promotes: readonly number[]

  constructor(promotes: readonly number[]) {
    this.promotes = promotes
  }

  async train(known: CandleSeries, registry: Publisher) {
    this.asked.push({ known: known.rows, registry })
    const first = (await registry.resolve('champion')) === null
    const promoted = first || this.promotes.includes(known.rows)
    const champion = (await registry.resolve('champion'))?.version ?? null
    const decision = {
      ...firstVersion,
      champion,
      promoted,
      reason: first ? 'first-version' : promoted ? 'champion-cannot-answer' : 'not-better',
    } as const
    const version = await registry.publish(exampleManifest(`known ${known.rows}`), { decision })
    return { version, promoted, text: decision.reason, computed: 7 }
  }
}

let loaded: string[]
const stump = stumpModel()
const replay = (trainer: WeekTrainer, over: CandleSeries = series) =>
  replayPipeline(over, choices, {
    trainer,
    openRegistry: () => new MemoryModelRegistry(() => 0),
    loadModel: ({ manifest }: ModelVersion) => {
      loaded.push(manifest.runId)
      return Promise.resolve(stump)
    },
    reach: 33,
    note: () => undefined,
  })
const knownAt = (week: number) => 600 - (6 - week) * weekBars

beforeEach(() => {
  loaded = []
})

describe('weeks lived through again', () => {
  test('train on the candles that had closed, weekly, monthly and never again', async () => {
    const trainer = new ScriptedTrainer([])
    const { cadences } = await replay(trainer)
    const weeksOf = (name: string) => cadences.find((each) => each.name === name)!.trainings.map(({ week }) => week)
    expect(weeksOf('retrained weekly')).toEqual([0, 1, 2, 3, 4, 5])
    expect(weeksOf('retrained monthly')).toEqual([0, 4])
    expect(weeksOf('never retrained')).toEqual([0])
    const known = [...new Set(trainer.asked.map((each) => each.known))]
    expect(known).toEqual([0, 1, 2, 3, 4, 5].map(knownAt))
    expect(cadences[0]!.trainings[1]!.at).toBe(series.openTime[knownAt(1)])
  })

  test('keep the champions of each cadence apart', async () => {
    const trainer = new ScriptedTrainer([])
    await replay(trainer)
    expect(new Set(trainer.asked.map(({ registry }) => registry)).size).toBe(4)
  })

  test('follow the champion of each week, and only a promoted one', async () => {
    const { cadences } = await replay(new ScriptedTrainer([knownAt(2), knownAt(4)]))
    expect(cadences[0]!.trainings.map(({ promoted }) => promoted)).toEqual([true, false, true, false, true, false])
    // Weekly 0, 2, 4; monthly 0, 4; never 0; without the gate every week.
    expect(loaded.sort()).toEqual([0, 2, 4, 0, 4, 0, 0, 1, 2, 3, 4, 5].map((week) => `known ${knownAt(week)}`).sort())
  })

  test('come to what following the answers week by week comes to', async () => {
    const { strategies, bars } = await replay(new ScriptedTrainer([]))
    const answers = answerRows(series, stump, knownAt(0), 600)
    const { equity } = followTargets(bars, targetPositions(answers.verdict, choices.rules), noCosts)
    for (const { path } of strategies.slice(0, 4)) expect(path.equity).toEqual(equity)
    expect(bars.openTime[0]).toBe(knownAt(0) * widthMs)
  })

  test('know nothing of later weeks', async () => {
    const cut = knownAt(4)
    const later = (values: Float64Array) => values.map((value, t) => (t >= cut ? value * 3 : value))
    const { open, high, low, close } = series
    const other = { ...series, open: later(open), high: later(high), low: later(low), close: later(close) }
    const [one, two] = [await replay(new ScriptedTrainer([])), await replay(new ScriptedTrainer([]), other)]
    const upTo = cut - knownAt(0)
    for (const [i, { path }] of two.strategies.entries()) {
      expect(path.equity.subarray(0, upTo)).toEqual(one.strategies[i]!.path.equity.subarray(0, upTo))
    }
  })

  test('are told plainly, as a document and as lines', async () => {
    const result = await replay(new ScriptedTrainer([]))
    const document = replayDocument(result, null)
    expect(document).toMatchObject({ weeks: 6, bars: 252, aheadOfNever: { low: 0, high: 0 }, computed: 15 * 7 })
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    const lines = replayLines(result, null).join('\n')
    expect(lines).toContain('retrained weekly: 6 trained, 1 promoted')
    expect(lines).toContain('105 tasks run now')
    expect(lines).toContain(
      'Retraining weekly changed nothing: the gate let no later model take the place of the first.',
    )
    const promoting = await replay(new ScriptedTrainer([knownAt(2)]))
    expect(replayLines(promoting, null).join('\n')).toContain('Whether retraining weekly pays is not shown')
    const page = renderReplay(result, { createdAt: 0, version: '0.1.0' })
    expect(markupFaults(page)).toEqual([])
    for (const { name } of result.strategies) expect(page).toContain(name)
    expect(lines).toMatch(/Never retrained, it (made|earns nothing after fees)/)
  })
})

test('before the gate has let a model pass nothing is traded', async () => {
  const never: WeekTrainer = {
    train: (known) =>
      Promise.resolve({
        version: { version: 1, createdAt: 0, manifest: exampleManifest(`known ${known.rows}`) },
        promoted: false,
        text: 'not better',
        computed: 0,
      }),
  }
  const { strategies } = await replay(never, sliceSeries(series, 0, 600))
  const [weekly, monthly, ungated, once] = strategies.map(({ performance }) => performance.trades)
  expect([weekly, monthly, once]).toEqual([0, 0, 0])
  expect(ungated).toBeGreaterThan(0)
})
