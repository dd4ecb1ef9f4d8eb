import { expect, test } from '@jest/globals'
import {
  decodeDriftReference,
  encodeDriftReference,
  featureReference,
  meanReference,
  outcomeCuts,
  readDrift,
  watchedRows,
  type DriftReference,
  type WatchedWindow,
} from '#core/drift'
import { sha256 } from '#core/hashing'
import { Random } from '#core/random'

const rule = { bars: 3, feeBps: 10, low: -0.01, high: 0.01 }
const policy = { kind: 'argmax' } as const

/** Answers whose buy and sell come true with the given chance, else the opposite happens. */
function answers(rows: number, right: number, seed: number) {
  const random = Random.of(seed, 'answers')
  const probabilities = new Float64Array(rows * 3)
  const move = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const buy = random.uniform() < 0.5
    probabilities.set(buy ? [0.1, 0.2, 0.7] : [0.7, 0.2, 0.1], i * 3)
    move[i] = (buy === random.uniform() < right ? 1 : -1) * 0.02
  }
  const side = (sign: number, fee: number) => move.map((value) => sign * value - fee)
  return {
    probabilities,
    gross: { long: side(1, 0), short: side(-1, 0) },
    net: { long: side(1, 0.002), short: side(-1, 0.002) },
  }
}

function column(rows: number, seed: number, shift = 0): Float64Array {
  const random = Random.of(seed, 'column')
  return Float64Array.from({ length: rows }, () => shift + random.normal())
}

const heldOut = watchedRows(answers(1000, 0.7, 1), policy, rule)
const reference: DriftReference = {
  format: 1,
  featureSetHash: sha256('features'),
  window: 120,
  ...featureReference([{ name: 'rsi', values: column(4000, 2) }], 120, 0.02),
  outcome: rule,
  said: heldOut.said.map((said) => meanReference(said, 6)),
  brier: meanReference(heldOut.brier, 6),
  realised: meanReference(heldOut.realised, 6),
}

function window(changes: { right?: number; shift?: number; rows?: number } = {}): WatchedWindow {
  const { right = 0.7, shift = 0, rows = 120 } = changes
  return { features: () => column(rows, 3, shift), featureRows: rows, answers: answers(rows, right, 4), policy }
}

const beyond = (reading: ReturnType<typeof readDrift>) =>
  reading.measures.filter((measure) => measure.beyond).map(({ metric }) => metric)

test('a window like the training window shows every metric and no drift', () => {
  const reading = readDrift(reference, window())
  expect(reading.measures.map(({ metric }) => metric)).toEqual([
    'feature-psi',
    'feature-ks',
    'verdict-mix',
    'calibration',
    'return',
  ])
  expect(reading).toMatchObject({ adverse: false, drifted: false })
})

test('features that moved are drift, and not yet adverse', () => {
  const reading = readDrift(reference, window({ shift: 1.5 }))
  expect(beyond(reading)).toEqual(['feature-psi', 'feature-ks'])
  expect(reading).toMatchObject({ adverse: false, drifted: true, columns: [{ column: 'rsi' }] })
})

test('verdicts that no longer come true are adverse: worse calibration, worse return', () => {
  const reading = readDrift(reference, window({ right: 0.3 }))
  expect(beyond(reading)).toEqual(['calibration', 'return'])
  expect(reading.adverse).toBe(true)
})

test('a model that does better than it was judged is no drift', () => {
  expect(readDrift(reference, window({ right: 0.95 })).adverse).toBe(false)
})

test('a model that says buy at every bar has another mix of verdicts', () => {
  const { answers: given, ...rest } = window()
  const allBuy = Float64Array.from({ length: 360 }, (_, i) => [0.1, 0.2, 0.7][i % 3]!)
  const reading = readDrift(reference, { ...rest, answers: { ...given, probabilities: allBuy } })
  expect(beyond(reading)).toContain('verdict-mix')
})

test('what has too few rows yet is not judged', () => {
  expect(readDrift(reference, window({ rows: 59 })).measures).toEqual([])
  expect(readDrift(reference, window({ rows: 60 })).measures.map(({ metric }) => metric)).toEqual([
    'verdict-mix',
    'calibration',
    'return',
  ])
})

test('outcomes that are not known yet count for the mix of verdicts alone', () => {
  const given = answers(10, 1, 5)
  given.gross.long.fill(NaN, 7)
  const rows = watchedRows(given, policy, rule)
  expect(rows.said[0]).toHaveLength(10)
  expect([rows.brier.length, rows.realised.length]).toEqual([7, 7])
  for (const brought of rows.realised) expect(brought).toBeCloseTo(0.018, 12)
})

test('cut points call as many returns buy and sell as there were labels', () => {
  const returns = column(1000, 6)
  const target = Int8Array.from({ length: 1000 }, (_, i) => (i < 200 ? -1 : i < 300 ? 1 : 0))
  const { low, high } = outcomeCuts(returns, target)
  expect(returns.filter((value) => value <= low).length).toBeCloseTo(200, -1)
  expect(returns.filter((value) => value >= high).length).toBeCloseTo(100, -1)
})

test('a reference comes back whole, and damaged bytes say where', () => {
  const bytes = encodeDriftReference(reference)
  expect(decodeDriftReference(bytes)).toEqual(reference)
  const damaged = (change: object) => new TextEncoder().encode(JSON.stringify({ ...reference, ...change }))
  const invalid = (reason: string) =>
    expect.objectContaining({ code: 'DATA_SET_INVALID', message: expect.stringContaining(reason) as unknown })
  expect(() => decodeDriftReference(damaged({ window: 0 }))).toThrow(invalid('/window'))
  expect(() => decodeDriftReference(damaged({ columns: [{ ...reference.columns[0], edges: [] }] }))).toThrow(
    invalid('rsi'),
  )
  expect(() => decodeDriftReference(bytes.subarray(0, 50))).toThrow(invalid('not JSON'))
})
