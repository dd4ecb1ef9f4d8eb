import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SseLines } from '#client'
import { bestTrial } from '../web/charts/trial-figures.ts'
import { reignsOf } from '../web/views/models/reigns.ts'
import { changesAfter } from '../web/views/now/changes-after.ts'
import { typicalMovePct } from '../web/views/now/typical-move.ts'
import { compact, signed, signedPercent } from '../web/words/numbers.ts'
import { duration, minute, widthOf } from '../web/words/times.ts'

// What of the page needs no browser.

describe('the stream of events', () => {
  const event = fc.record({
    id: fc.stringMatching(/^[a-z0-9-]{1,8}$/),
    type: fc.constantFrom('verdict', 'model', 'stale'),
    data: fc.json().filter((json) => json !== ''),
  })

  test('is read the same however the network cuts it up', () => {
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat({ max: 40 })), (events, cuts) => {
        const text = events
          .map(({ id, type, data }) => `: alive\n\nid: ${id}\nevent: ${type}\ndata: ${data}\n\n`)
          .join('')
        const lines = new SseLines()
        const read = []
        let rest = text
        for (const cut of cuts) {
          read.push(...lines.push(rest.slice(0, cut)))
          rest = rest.slice(cut)
        }
        expect([...read, ...lines.push(rest)]).toEqual(events)
      }),
    )
  })

  test('joins lines of data, keeps the last id and forgets an event without data', () => {
    const lines = new SseLines()
    expect(
      lines.push('id: 7\r\ndata: one\r\ndata:two\r\n\r\nevent: model\n\ndata: three\n\nid: 9\ndata: cut off'),
    ).toEqual([
      { id: '7', type: 'message', data: 'one\ntwo' },
      { id: '7', type: 'message', data: 'three' },
    ])
  })
})

describe('who was champion when', () => {
  const move = (version: number | null, day: number, kind: 'move' | 'rollback' = 'move') => ({
    alias: 'champion',
    version,
    kind,
    at: new Date(Date.UTC(2026, 0, day)).toISOString(),
    reason: `day ${day}`,
  })

  test('is a reign a change of version, the last one lasting until now', () => {
    const now = Date.UTC(2026, 0, 20)
    const reigns = reignsOf([move(1, 1), move(2, 3), move(2, 4), move(1, 5, 'rollback'), move(null, 9)], now)
    expect(reigns.map(({ version, kind, lasts, reason }) => [version, kind, lasts, reason])).toEqual([
      [1, 'move', false, 'day 1'],
      [2, 'move', false, 'day 3'],
      [1, 'rollback', false, 'day 5'],
      [null, 'move', true, 'day 9'],
    ])
    reigns.slice(1).forEach((reign, i) => {
      expect(reign.from).toBe(reigns[i]!.to)
    })
    expect(reigns.at(-1)!.to).toBe(now)
  })

  test('is nobody while there is no history', () => {
    expect(reignsOf([], 0)).toEqual([])
  })
})

describe('figures of candles and trials', () => {
  const candle = (openTime: string, low: number, high: number, close: number) => ({
    ...{ openTime, open: close, high, low, close },
    volume: 1,
  })

  test('a typical move is the median range of a candle in percent of its close', () => {
    const candles = [candle('a', 99, 101, 100), candle('b', 95, 105, 100), candle('c', 90, 110, 200)]
    expect(typicalMovePct(candles)).toBeCloseTo(10)
    expect(typicalMovePct(candles.slice(0, 2))).toBeCloseTo(6)
    expect(typicalMovePct([])).toBe(0)
  })

  test('each candle but the newest knows how far the next close went', () => {
    const changes = changesAfter([candle('a', 1, 1, 100), candle('b', 1, 1, 110), candle('c', 1, 1, 99)])
    expect([...changes.keys()]).toEqual(['a', 'b'])
    expect(changes.get('a')).toBeCloseTo(10)
    expect(changes.get('b')).toBeCloseTo(-10)
  })

  test('the best trial is the first of the highest complete scores', () => {
    const trial = (number: number, state: 'complete' | 'pruned', score: number | null) => ({
      ...{ number, state, score },
      naive: null,
      parameters: {},
      durationMs: 1,
    })
    expect(bestTrial([trial(0, 'complete', 0.7), trial(1, 'complete', 0.8), trial(2, 'complete', 0.8)])?.number).toBe(1)
    expect(bestTrial([trial(0, 'pruned', null)])).toBeUndefined()
  })
})

test('times are told in UTC and in the two largest units', () => {
  expect(minute('2026-01-31T04:05:00.000Z')).toBe('31 Jan 2026, 04:05 UTC')
  expect([0, 8_400, 3_600_000, 4_380_000, 273_600_000, -5].map(duration)).toEqual([
    '0 s',
    '8 s',
    '1 h',
    '1 h 13 min',
    '3 d 4 h',
    '0 s',
  ])
  expect(['15m', '4h', '1d', '1w'].map(widthOf)).toEqual([900_000, 14_400_000, 86_400_000, 604_800_000])
  expect(widthOf('soon')).toBeNaN()
})

test('numbers carry a true minus sign, and zero carries none', () => {
  expect([signed(-0.00001), signed(-0.0123), signed(0.0123)]).toEqual(['0.0000', '−0.0123', '+0.0123'])
  expect(signedPercent(-1.3)).toBe('−1.30 %')
  expect([compact(-12.3456), compact(0), compact(1.5e-7)]).toEqual(['−12.35', '0', '1.50e-7'])
})
