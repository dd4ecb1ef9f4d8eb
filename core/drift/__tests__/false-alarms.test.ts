import { expect, test } from '@jest/globals'
import { featureDrift, featureReference, meanLimit, meanReference, meanShift } from '#core/drift'
import { Random } from '#core/random'

/** Rows that remember: each is `memory` times the one before plus noise, variance 1. */
function remembering(rows: number, memory: number, keys: readonly (string | number)[]): Float64Array {
  const random = Random.of('remembering', ...keys)
  const out = new Float64Array(rows)
  let value = random.normal()
  for (let i = 0; i < rows; i++) out[i] = value = memory * value + Math.sqrt(1 - memory * memory) * random.normal()
  return out
}

const names = ['a', 'b', 'c', 'd']
const [history, window, rate] = [1500, 100, 0.02]

/** One simulated training window and the window after it, which may be moved in one column. */
function ratios(seed: number, memory: number, moved: (value: number) => number = (value) => value) {
  const all = names.map((name) => remembering(history + window, memory, [seed, name]))
  const reference = featureReference(
    names.map((name, i) => ({ name, values: all[i]!.slice(0, history) })),
    window,
    rate,
  )
  const drift = featureDrift(reference, (name) => {
    const now = all[names.indexOf(name)]!.slice(history)
    return name === 'c' ? now.map(moved) : now
  })
  return {
    psi: drift[0]!.psiRatio > reference.psi.limit,
    ks: Math.max(...drift.map(({ ksRatio }) => ksRatio)) > reference.ks.limit,
    moved: drift.find(({ column }) => column === 'c')!.psiRatio > reference.psi.limit,
  }
}

test.each([0, 0.9])(
  'features with memory %d that go on as they were pass their limit at most at its rate',
  (memory) => {
    const runs = 50
    const results = Array.from({ length: runs }, (_, seed) => ratios(seed, memory))
    // Three standard errors of a share of `rate` over so many runs, and one run.
    const most = runs * rate + 3 * Math.sqrt(runs * rate * (1 - rate)) + 1
    expect(results.filter(({ psi }) => psi).length).toBeLessThanOrEqual(most)
    expect(results.filter(({ ks }) => ks).length).toBeLessThanOrEqual(most)
  },
)

test.each([
  ['moved by a standard deviation', (value: number) => value + 1],
  ['twice as wide', (value: number) => 2 * value],
  ['stuck at one value', () => 0.3],
  ['missing', () => NaN],
])('one column of four that is %s is found', (_, moved) => {
  for (let seed = 0; seed < 4; seed++) expect(ratios(seed, 0, moved).moved).toBe(true)
})

/** Means of rows that share `overlap` - 1 of their terms with the next, as returns over `overlap` bars do. */
function overlapping(rows: number, overlap: number, keys: readonly (string | number)[]): Float64Array {
  const noise = remembering(rows + overlap, 0, keys)
  return Float64Array.from({ length: rows }, (_, i) => noise.subarray(i, i + overlap).reduce((sum, v) => sum + v, 0))
}

test.each([1, 9])(
  'a mean of rows that overlap by %d bars passes its limit in at most 2 %% of windows without a shift',
  (bars) => {
    const runs = 200
    let alarms = 0
    for (let seed = 0; seed < runs; seed++) {
      const rows = overlapping(1200 + 180 + 100, bars, [seed, bars])
      const shift = meanShift(meanReference(rows.subarray(0, 1200), 2 * bars), rows.subarray(1300))
      if (Math.abs(shift) > meanLimit) alarms++
    }
    expect(alarms / runs).toBeLessThanOrEqual(0.02)
  },
)

test('a mean that fell by as much as its rows vary is found in overlapping rows', () => {
  for (let seed = 0; seed < 20; seed++) {
    const rows = overlapping(1480, 9, [seed, 'fallen'])
    const reference = meanReference(rows.subarray(0, 1200), 18)
    const fallen = rows.subarray(1300).map((value) => value - 3 * Math.sqrt(9))
    expect(-meanShift(reference, fallen)).toBeGreaterThan(meanLimit)
  }
})
