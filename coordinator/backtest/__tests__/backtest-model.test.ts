import { describe, expect, test } from '@jest/globals'
import { makeSeries, seriesToColumns, toCandles } from '#core/candles'
import { encodeColumns } from '#core/columnar'
import { sha256 } from '#core/hashing'
import { exampleManifest } from '#core/registry/testing'
import { MemoryObjectStore } from '#platform/memory'
import { renderBacktest } from '../../report/index.ts'
import { markupFaults } from '../../report/testing/well-formed.ts'
import { backtestDocument, backtestLines, backtestModel, concludeBacktest, sightOf } from '../index.ts'
import { choices, stumpSubject, walkSeries, widthMs } from './stump-model.ts'

const series = walkSeries(800)
const subject = stumpSubject(500, 700)
const result = backtestModel(subject, series, choices)
const meta = { createdAt: 0, version: '0.1.0' }

describe('a backtest of a model', () => {
  test('begins with the first candle it was not fitted on, and says which judged it', () => {
    expect(result.period).toEqual({ from: 500 * widthMs, to: 799 * widthMs, bars: 300, inSample: 0, judged: 201 })
    expect(result.strategies.map(({ name }) => name)).toEqual([
      'the model',
      'buy and hold',
      'naive C/P-1',
      'always hold',
    ])
    expect(backtestDocument(result, null)).toMatchObject({ sample: 'unseen', luck: { tried: { total: 12 } } })
    expect(backtestLines(result, null).join('\n')).toContain(
      'best of 12 trials (4 of its search, 2 of its outer steps, 6 of other runs on the series) without skill',
    )
    expect(backtestLines(result, null).join('\n')).not.toContain('IN SAMPLE')
  })

  test('resamples blocks no shorter than its label looks ahead', () => {
    expect(result.block).toBeGreaterThanOrEqual(31)
  })

  test('shouts where the model was fitted on the bars', () => {
    const seen = backtestModel(subject, series, { ...choices, from: 400 * widthMs })
    expect(seen.period).toMatchObject({ bars: 400, inSample: 100, judged: 201 })
    expect(backtestDocument(seen, null).sample).toBe('IN SAMPLE')
    const [banner, shout] = backtestLines(seen, null)
    expect(banner).toMatch(/^!+$/)
    expect(shout).toBe('IN SAMPLE: the model was fitted on 100 of these 400 bars. Its figures here are worth nothing.')
    expect(concludeBacktest(seen).text).toContain('IN SAMPLE')
    expect(renderBacktest(seen, meta)).toContain('IN SAMPLE')
  })

  test('says plainly that it earns nothing after fees', () => {
    const dear = backtestModel(subject, series, { ...choices, costs: { ...choices.costs, feeBps: 3000 } })
    expect(dear.strategies[0]!.performance.totalReturn).toBeLessThan(0)
    expect(concludeBacktest(dear)).toMatchObject({ outcome: 'earns-nothing' })
    expect(backtestLines(dear, null).join('\n')).toContain('Earns nothing after fees: −')
    expect(renderBacktest(dear, meta)).toContain('Earns nothing after fees')
  })

  test('is the same for the same candles and seed', () => {
    expect(backtestDocument(backtestModel(subject, series, choices), null)).toEqual(backtestDocument(result, null))
  })

  test('knows nothing of what comes after: other candles later leave every earlier equity as it was', () => {
    for (const cut of [540, 790]) {
      const candles = toCandles(series).map((candle, t) => {
        if (t <= cut) return candle
        const { open, high, low, close } = candle
        return { ...candle, open: open * 2, high: high * 3, low: low * 0.9, close: close * 2.5 }
      })
      const other = makeSeries({ symbol: 'BTC/USDT', source: 'other', widthMs, candles }, { gaps: 'keep' })
      const changed = backtestModel(subject, other, choices)
      for (const [i, { path }] of changed.strategies.entries()) {
        const upTo = cut - 500 + 1
        expect(path.equity.subarray(0, upTo)).toEqual(result.strategies[i]!.path.equity.subarray(0, upTo))
      }
      expect(changed.strategies[1]!.path.equity.at(-1)).not.toBe(result.strategies[1]!.path.equity.at(-1))
    }
  })

  test('refuses a period without unseen bars, and tells how to look at others', () => {
    expect(() => backtestModel(stumpSubject(800, 800), series, choices)).toThrow(/--from earlier shows it in sample/)
    expect(() => backtestModel(subject, series, { ...choices, from: 790 * widthMs, to: 795 * widthMs })).toThrow(
      /6 candles are too few: 10/,
    )
  })
})

test('the page is well-formed, fetches nothing and draws every path that trades', () => {
  const page = renderBacktest(result, meta)
  expect(markupFaults(page)).toEqual([])
  expect(page).not.toMatch(/https?:|url\((?!#)|@import|<script|<link|\s(?:src|href|on\w+)=/i)
  for (const id of ['equity', 'drawdown']) expect(page).toContain(`<figure id="${id}">`)
  for (const { name } of result.strategies) expect(page).toContain(name)
  expect(renderBacktest(result, meta)).toBe(page)
})

describe('what a model has seen', () => {
  // A bar is missing after row 99: row 150 of the candles opens a bar later.
  const gappy = makeSeries(
    { symbol: 'BTC/USDT', source: 'gap', widthMs, candles: toCandles(walkSeries(200)).filter((_, t) => t !== 100) },
    { gaps: 'keep' },
  )
  const bytes = encodeColumns(seriesToColumns(gappy))
  const notes: string[] = []
  const manifest = exampleManifest('run', {
    data: { ...exampleManifest('run').data, sha256: sha256(bytes), lastOpenTime: gappy.openTime.at(-1)! },
    splits: { heldOutRows: [{ start: 150, end: 190 }] },
  })

  test('is told by the candles it was trained on, gaps and all', async () => {
    const objects = new MemoryObjectStore()
    await objects.put(bytes)
    const sight = await sightOf(manifest, objects, (text) => notes.push(text))
    expect(sight).toEqual({ unseenFrom: 151 * widthMs, judgedUntil: 199 * widthMs })
    expect(notes).toEqual([])
  })

  test('is all of them where they are no longer kept', async () => {
    const sight = await sightOf(manifest, new MemoryObjectStore(), (text) => notes.push(text))
    expect(sight).toEqual({ unseenFrom: 200 * widthMs, judgedUntil: 199 * widthMs })
    expect(notes).toEqual([expect.stringContaining('no longer kept')])
  })
})
