import type { LabelStatistics } from '#core/labels'
import { verdicts } from '#core/verdict'
import { table } from '../charts/figure.ts'
import { html, type Html } from '../html.ts'
import { count } from '../../counted.ts'
import { percent } from '../wording.ts'

/** What the labels are like, and how much less they tell than their number says. */
export function labelPanel(labels: LabelStatistics): Html {
  const { rows, counts, meanBars, averageUniqueness, meanConcurrency, effectiveRows } = labels
  const share = (value: number) => `${count(value)} (${percent(rows === 0 ? 0 : value / rows)})`
  const facts = [
    ['Labels', count(rows)],
    ...verdicts.map((verdict) => [verdict, share(counts[verdict])]),
    ['Mean bars until settled', meanBars.toFixed(1)],
    ['Labels that look at a bar, mean', meanConcurrency.toFixed(1)],
    ['Average uniqueness', averageUniqueness.toFixed(3)],
    ['Effective sample size', count(Math.round(effectiveRows))],
  ]
  return html`<div class="panel">
    <h3>Labels</h3>
    <p class="plain">
      ${count(rows)} labels overlap so much that they tell about as much as ${count(Math.round(effectiveRows))} that do
      not.
    </p>
    ${table(['', 'all labelled bars'], facts, 'Uniqueness: the share of its bars that a label has for itself')}
    ${exitTable(labels)}
  </div>`
}

function exitTable({ exits }: LabelStatistics): Html {
  if (!exits) return html``
  const sides = [
    ['long', exits.long],
    ['short', exits.short],
  ] as const
  const rows = sides.map(([side, shares]) => [
    side,
    percent(shares['take-profit']),
    percent(shares['stop-loss']),
    percent(shares['time-limit']),
  ])
  return table(['trade', 'take-profit', 'stop-loss', 'time limit'], rows, 'How trades entered after each bar ended')
}
