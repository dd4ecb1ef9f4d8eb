import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { rocAuc, classColumn, positivesOf } from '#core/evaluation'
import { renderReport } from '../index.ts'
import { sampleReport } from '../testing/sample-report.ts'
import { markupFaults } from '../testing/well-formed.ts'
import { tokens } from '../tokens.ts'

const data = sampleReport()
const page = renderReport(data)
const small = { rows: 200, heldOutRows: 60, trials: 8, columns: 9 }

function chart(id: string, form: 'wide' | 'narrow' = 'wide'): string {
  const figure = page.slice(page.indexOf(`<figure id="${id}"`))
  const from = figure.indexOf('<svg', figure.indexOf(`<div class="chart ${form}"`))
  return figure.slice(from, figure.indexOf('</svg>', from))
}

function marks(id: string, series: number): number {
  return chart(id).split(`data-series="${series}"`).length - 1
}

test('the page holds every figure in a wide and a narrow drawing, each said in words', () => {
  const figures = page.match(/<figure id="[^"]+"[^]*?<\/figure>/g) ?? []
  expect(figures.map((figure) => /id="([^"]+)"/.exec(figure)?.[1])).toEqual([
    'candles',
    'outer-steps',
    'roc-sell',
    'roc-hold',
    'roc-buy',
    'confusion',
    'calibration',
    'gate-growth',
    'gate-log-loss',
    'history',
    'parallel',
    'importance-before',
    'importance-after',
    'timings',
  ])
  for (const figure of figures) {
    expect(figure.match(/role="img" aria-label="[^"]{40,}"/g)).toHaveLength(2)
    expect(figure).toMatch(/<figcaption>\s*\S[^<]{20,}/)
  }
})

test('the page is well-formed, under 1.5 MB, and the same for the same data', () => {
  expect(markupFaults(page)).toEqual([])
  expect(Buffer.byteLength(page)).toBeLessThan(1_500_000)
  expect(renderReport(data)).toBe(page)
})

test('the page fetches nothing and runs nothing', () => {
  expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
  expect(page).not.toMatch(/https?:|url\((?!#)|@import|<script|<link|\s(?:src|href|on\w+)=/i)
})

test('every colour of a chart follows the light or dark paper', () => {
  const drawn = new Set([...page.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map(([, color]) => color))
  const allowed = Object.keys(tokens).map((name) => `var(--${name})`)
  // #000 fills clip paths, which are never seen.
  expect([...drawn].filter((color) => !allowed.includes(color!))).toEqual(expect.arrayContaining(['none']))
  expect([...drawn].filter((color) => color!.startsWith('#') || color!.startsWith('rgb'))).toEqual(['#000'])
})

test('candles show 240 bars with one mark for each buy and each sell among them', () => {
  const last = data.answers.rowIndexes.length - 240
  const said = Array.from({ length: 240 }, (_, i) => {
    const [sell = 0, hold = 0, buy = 0] = data.answers.probabilities.subarray((last + i) * 3, (last + i) * 3 + 3)
    return buy > hold && buy > sell ? 'buy' : sell > hold && sell > buy ? 'sell' : 'hold'
  })
  expect(marks('candles', 0)).toBe(240 + 1) // and the shade over the held-out bars
  expect(marks('candles', 1)).toBe(said.filter((verdict) => verdict === 'buy').length)
  expect(marks('candles', 2)).toBe(said.filter((verdict) => verdict === 'sell').length)
  expect(marks('candles', 3)).toBe(240)
})

test('the history marks each trial by how it ended, and the best one', () => {
  const ended = (state: string) => data.trials.filter((trial) => trial.state === state).length
  expect([2, 3, 4, 5].map((series) => marks('history', series))).toEqual([
    ended('complete'),
    ended('pruned'),
    ended('failed'),
    1,
  ])
})

test('importances show 25 columns, the confusion matrix nine cells with their counts', () => {
  expect([marks('importance-before', 0), marks('importance-before', 1), marks('importance-after', 0)]).toEqual([
    25, 25, 25,
  ])
  expect(marks('confusion', 0) + marks('confusion', 1)).toBe(9)
  expect(chart('confusion').match(/\d+ %/g)).toHaveLength(9)
})

test('each ROC curve names its area beside the naive one, and the areas average to the score card', () => {
  const areas = [0, 1, 2].map((c) => {
    const positives = positivesOf(data.heldOut.target, c)
    const area = rocAuc(classColumn(data.heldOut.probabilities, c), positives)
    expect(page).toContain(`model, AUC ${area.toFixed(4)}`)
    return (area * positives.reduce((sum, one) => sum + one, 0)) / positives.length
  })
  expect(areas.reduce((sum, area) => sum + area)).toBeCloseTo(data.manifest.heldOut.rocAucOvrWeighted, 12)
})

test('the newest verdict, its probabilities and the scores stand at the top', () => {
  const top = page.slice(page.indexOf('<main>'), page.indexOf('<section>'))
  expect(top).toContain(`<p class="word ${data.newest.verdict}">`)
  expect(top).toContain(`${(data.newest.probabilities.buy * 100).toFixed(0)} %`)
  expect(top).toContain(data.manifest.heldOut.rocAucOvrWeighted.toFixed(4))
  expect(top).toContain(data.manifest.heldOut.naiveRocAucOvrWeighted.toFixed(4))
  expect(top).toContain('An AUC near 0.78 needs no skill')
})

test('the out-of-sample page has the score over all outer steps and a row for each', () => {
  const section = page.slice(
    page.indexOf('<h2>Out of sample</h2>'),
    page.indexOf('<h2>Skill on the held-out tail</h2>'),
  )
  const { score, steps } = data.manifest.outOfSample!
  for (const value of [score.rocAucOvrWeighted, score.naiveRocAucOvrWeighted])
    expect(section).toContain(value.toFixed(4))
  for (const step of steps) expect(section).toContain(step.score.rocAucOvrWeighted.toFixed(4))
  expect(marks('outer-steps', 0) + marks('outer-steps', 1)).toBeGreaterThanOrEqual(2 * steps.length)
})

test('a run without outer steps says that it has no out-of-sample score, and calls no other one that', () => {
  const manifest = { ...data.manifest }
  delete manifest.outOfSample
  const without = renderReport({ ...data, manifest })
  expect(without).toContain('This run has no out-of-sample score')
  expect(without).not.toContain('id="outer-steps"')
  expect(without.match(/out.of.sample/gi)).toHaveLength(2)
})

test('the label is told by its classes, its exits and how much it overlaps', () => {
  const section = page.slice(page.indexOf('<h2>The label</h2>'), page.indexOf('<h2>The search</h2>'))
  for (const fact of ['655 (35 %)', '0.108', '204', '31 %', '63 %']) expect(section).toContain(fact)
})

test('texts from outside stay text, whatever they hold', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=y>',
      "' style='x",
      ']]></style>',
      '{a|b}',
      '&lt;',
      '#0067a5',
      '</svg>',
    ),
  )
  fc.assert(
    fc.property(nasty, (prefix) => {
      const hostile = renderReport(sampleReport({ ...small, prefix }))
      expect(markupFaults(hostile)).toEqual([])
      expect(hostile).not.toMatch(/<script|<img|\son\w+="/i)
    }),
    { numRuns: 6, examples: [['<script>'], [' fill="#0067a5" class="x" ']] },
  )
})

test('a run with one trial, one column and no notes still makes a page', () => {
  const bare = sampleReport({ ...small, trials: 1, columns: 1 })
  expect(markupFaults(renderReport({ ...bare, manifest: { ...bare.manifest, notes: [] } }))).toEqual([])
})

const reliability = { rows: 320, brier: 0.5, ece: 0.04, logLoss: 0.91 }
const measures = {
  before: { ...reliability, logLoss: 1.23 },
  after: reliability,
  buy: { rows: 41, meanReturn: -0.0012 },
  sell: { rows: 0, meanReturn: 0 },
  coverage: { rows: 320, coverage: 0.77, single: 0.42, empty: 0.01, size: 1.6 },
}

test('a chosen calibration shows its diagram before and after, what its policy earned, and the coverage', () => {
  const record = { kind: 'platt', policy: 'conformal', bars: 9, feeBps: 10 } as const
  const calibration = { ...record, outOfFold: measures, heldOut: { ...measures, sell: measures.buy } }
  const chosen = renderReport({ ...data, manifest: { ...data.manifest, calibration } })
  expect(markupFaults(chosen)).toEqual([])
  expect(chosen).toContain('<figure id="calibration-before"')
  expect(chosen).toContain('41 bars, -0.120 % each')
  expect(chosen).toContain('never')
  expect(chosen).toMatch(/True class in the set<\/th>\s*<td>77/)
  expect(page).not.toContain('calibration-before')
})

test('the gate is drawn with its intervals and what they are held against, or said in words where nothing was measured', () => {
  expect(page).toContain('difference +70.0 %, interval +10.0 % to +130.0 %, held against +2.0 %: passes.')
  const evidence = { ...data.promotion.evidence!, afterFeeReturn: null, logLoss: null }
  const promotion = { promoted: false, text: 'only 12 rows are new: 900 more', evidence }
  const unmeasured = renderReport({ ...data, promotion })
  expect(unmeasured).not.toContain('id="gate-growth"')
  expect(unmeasured).toContain('Not promoted: only 12 rows are new: 900 more.')
})
