import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { escapeText, html } from '../html.ts'
import { counted } from '../../counted.ts'
import { barWidth, liftInWords, price, signed } from '../wording.ts'

const card = (rows: number, auc: number, naive: number) => ({
  rows,
  rocAucOvrWeighted: auc,
  f1Weighted: 0.6,
  logLoss: 0.8,
  naiveRocAucOvrWeighted: naive,
  lift: auc - naive,
})

test('a lift of zero or less is called no better than a number that knows nothing', () => {
  for (const auc of [0.7, 0.78]) {
    expect(liftInWords(card(1_800, auc, 0.78))).toMatch(
      /^On 1,800 held-out bars the model ranks no better than a number that knows nothing: /,
    )
  }
  expect(liftInWords(card(1_800, 0.7712, 0.7812))).toContain('AUC 0.7712 against 0.7812, a lift of −0.0100.')
})

test('a lift smaller than one standard error is said to be possible chance, a large one is not', () => {
  expect(liftInWords(card(320, 0.79, 0.78))).toContain('may be chance: one standard error is up to 0.040')
  expect(liftInWords(card(320, 0.84, 0.78))).not.toContain('chance')
})

test('a lift that is not a number is never called better', () => {
  expect(liftInWords(card(320, NaN, 0.78))).toContain('no better')
})

test('signs, prices, widths and plurals read as people write them', () => {
  expect([0.01234, -0.5, -0.00001].map(signed)).toEqual(['+0.0123', '−0.5000', '0.0000'])
  expect([28_923.63, 733.01, 0.0001234567].map(price)).toEqual(['28,924', '733', '0.0001235'])
  expect([14_400_000, 900_000, 86_400_000, 1_000].map(barWidth)).toEqual(['4 h', '15 min', '1 d', '1 s'])
  expect([counted(1, 'gap'), counted(1_200, 'gap')]).toEqual(['1 gap', '1,200 gaps'])
})

test('interpolated text is escaped once and only markup made by html passes', () => {
  expect(html`<b>${'<i>'}</b>${html`<u>${1}</u>`}${[html`<s></s>`]}`.markup).toBe('<b>&#60;i&#62;</b><u>1</u><s></s>')
})

test('escaped text keeps its characters and none that could end it', () => {
  const named = (text: string) => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const escaped = escapeText(text)
      expect(escaped).not.toMatch(/[<>"']/)
      expect(named(escaped)).toBe(text.replace(/[^\P{Cc}\t\n]/gu, ' '))
    }),
  )
})
