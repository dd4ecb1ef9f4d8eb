import { gateRules, judge, weigh } from '#core/winner'
import { market, model } from './market.ts'
import { declaresWinner } from './reference-champion-test.ts'
import { contestOn, promotions, world, type World } from './reign.ts'
import { markdownTable, percent, type TrustSection } from './trust-section.ts'

/** 300 draws instead of 2,000 settle the error of an interval to 4 %, which averages out over thousands of them. */
const rules = { ...gateRules, draws: 300 }

/** Correlation of the planted edge that the gate is measured by. */
export const documentedSkill = 0.6

/** How many markets the documented edge is judged in. */
export const edgeMarkets = 100

export const gateSection: TrustSection = {
  name: 'gate',
  write: (note) =>
    [
      'Nothing to find: models without any skill, so every promotion is false.',
      noiseTable(note),
      'Something to find: a challenger with a planted edge against a champion that has none.',
      edgeTable(note),
    ].join('\n\n'),
}

interface NoiseCase {
  readonly name: string
  readonly runs: number
  readonly world: Partial<World>
}

const noiseCases: readonly NoiseCase[] = [
  { name: 'as bullpen does it: the challenger is picked blind', runs: 40, world: {} },
  { name: 'the same, on the shortest tail that is measured', runs: 40, world: { tailRows: 193 } },
  {
    name: 'peeking: each week the best of 24 trials on the forward rows themselves',
    runs: 10,
    world: { picked: 'peeking' },
  },
]

function noiseTable(note: (text: string) => void): string {
  const rows = noiseCases.map(({ name, runs, world: changes }) => {
    note(`no skill: ${name}`)
    const weeks = Array.from({ length: runs }, (_, seed) => promotions(seed, { ...changes, rules }).length)
    const promoted = weeks.reduce((sum, count) => sum + count, 0)
    const judged = runs * world.weeks
    const fooled = weeks.filter((count) => count > 0).length
    return [name, `${judged}`, percent(promoted, judged), `${runs}`, percent(fooled, runs)]
  })
  note('no skill: the reference')
  const tests = 400
  const declared = Array.from({ length: tests }, (_, seed) => declaresWinner(seed)).filter(Boolean).length
  const reference = [
    'for comparison, a usual champion test: t-test over 50 subsamples of one set',
    `${tests}`,
    percent(declared, tests),
    '',
    '',
  ]
  return markdownTable(
    [
      'two models without a difference',
      'judgements',
      'a winner is declared',
      'runs of 200 weeks',
      'with any promotion',
    ],
    [...rows, reference],
  )
}

function edgeTable(note: (text: string) => void): string {
  const rows = [0.2, 0.4, documentedSkill, 0.8].map((skill) => {
    note(`planted edge: ${skill}`)
    const { promoted, advantage } = firstJudgements(skill)
    const runs = 20
    const within = Array.from({ length: runs }, (_, seed) => promotions(seed, { skill, weeks: 26, rules })[0])
    return [
      skill.toFixed(1),
      `${advantage < 0 ? '' : '+'}${(100 * advantage).toFixed(0)} %`,
      percent(promoted, edgeMarkets),
      percent(within.filter((week) => week !== undefined).length, runs),
    ]
  })
  return markdownTable(
    ['correlation with the next day', 'earned more, log growth a year', 'promoted at once', 'promoted within 26 weeks'],
    rows,
  )
}

/** The first judgement of an edge in each market: how often it passes, and what it earns more on average. */
export function firstJudgements(skill: number): { readonly promoted: number; readonly advantage: number } {
  const { tailRows, trials } = world
  const judged = Array.from({ length: edgeMarkets }, (_, seed) => {
    const tail = market(tailRows, seed)
    const span = { from: 0, to: tailRows }
    const challenger = model(tail, { skill, ...span }, seed, 'challenger')
    const champion = model(tail, { skill: 0, ...span }, seed, 'champion')
    return judge(weigh({ ...contestOn(tail), challenger, champion, runTrials: trials, earlierTrials: 0, seed }, rules))
  })
  const differences = judged.map(({ evidence }) => evidence?.afterFeeReturn?.difference ?? 0)
  return {
    promoted: judged.filter(({ promoted }) => promoted).length,
    advantage: differences.reduce((sum, value) => sum + value, 0) / edgeMarkets,
  }
}
