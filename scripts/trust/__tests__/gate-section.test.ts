import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { gateRules } from '#core/winner'
import { documentedSkill, edgeMarkets, firstJudgements } from '../gate-section.ts'
import { declaresWinner } from '../reference-champion-test.ts'
import { promotions } from '../reign.ts'
import { percent, withSection } from '../trust-section.ts'

const page = readFileSync('docs/trust.md', 'utf8')
const rules = { ...gateRules, draws: 200 }

/** Cells of the row of docs/trust.md that begins with this text, the first left out. */
function rowOf(text: string): string[] {
  const line = page.split('\n').find((candidate) => candidate.startsWith(`| ${text}`))
  return (line ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim())
}

const shareOf = (cell: string | undefined): number => Number.parseFloat(cell ?? 'none') / 100

test('without skill no champion falls in 160 weeks of four markets', () => {
  const fallen = [1, 2, 3, 4].flatMap((seed) => promotions(seed, { weeks: 40, rules }))
  expect(fallen).toEqual([])
})

test('a gate that takes the better estimate is fooled by the same weeks', () => {
  // With 24 trials a level of 0.52: the lower end is next to the estimate.
  const credulous = { ...rules, risk: 11.5, minimumEffect: 0 }
  const fallen = [1, 2, 3, 4].flatMap((seed) => promotions(seed, { weeks: 10, rules: credulous }))
  expect(fallen.length).toBeGreaterThan(4)
})

test('the documented edge is promoted in at least 80 % of markets, as often as the page says', () => {
  const { promoted, advantage } = firstJudgements(documentedSkill)
  expect(promoted / edgeMarkets).toBeGreaterThanOrEqual(0.8)
  expect(rowOf(`${documentedSkill} |`).slice(0, 2)).toEqual([
    `+${(100 * advantage).toFixed(0)} %`,
    percent(promoted, edgeMarkets),
  ])
})

test('the page claims no more than it may: noise is promoted in 5 % of weeks and of runs at most', () => {
  for (const row of ['as bullpen does it', 'the same, on the shortest']) {
    const [judgements, weeks, runs, fooled] = rowOf(row)
    expect(Number(judgements)).toBe(Number(runs) * 200)
    expect(shareOf(weeks)).toBeLessThanOrEqual(0.05)
    expect(shareOf(fooled)).toBeLessThanOrEqual(0.05)
  }
  expect(shareOf(rowOf('peeking')[1])).toBeLessThanOrEqual(0.05)
})

test('the usual champion test declares a winner between equal models more often than not', () => {
  const declared = Array.from({ length: 30 }, (_, seed) => declaresWinner(seed)).filter(Boolean).length
  expect(declared).toBeGreaterThan(15)
  expect(shareOf(rowOf('for comparison')[1])).toBeGreaterThan(0.5)
})

test('a section replaces what stands between its markers and nothing else', () => {
  const before = 'a\n<!-- trust:x -->\nold\n<!-- /trust:x -->\nb'
  expect(withSection(before, 'x', 'new')).toBe('a\n<!-- trust:x -->\n\nnew\n\n<!-- /trust:x -->\nb')
  expect(withSection(withSection(before, 'x', 'new'), 'x', 'new')).toBe(withSection(before, 'x', 'new'))
  expect(() => withSection(before, 'y', 'new')).toThrow('no markers')
})
