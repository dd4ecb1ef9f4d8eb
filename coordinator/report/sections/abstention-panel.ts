import type { ActedRows, CalibrationRecord } from '#core/registry'
import { table } from '../charts/figure.ts'
import { html, type Html } from '../html.ts'
import { count } from '../../counted.ts'
import { four, percent } from '../wording.ts'

/** What calibration and policy were worth where they were chosen, and on the held-out tail. */
export function abstentionPanel(record: CalibrationRecord): Html {
  const { outOfFold, heldOut, kind, policy, bars, feeBps } = record
  const both = (name: string, cell: (measures: CalibrationRecord['heldOut']) => string) => [
    name,
    cell(outOfFold),
    cell(heldOut),
  ]
  const measured = [
    both('Log loss before', ({ before }) => four(before.logLoss)),
    both('Log loss after', ({ after }) => four(after.logLoss)),
    both('Brier score before', ({ before }) => four(before.brier)),
    both('Brier score after', ({ after }) => four(after.brier)),
    both('Calibration error before', ({ before }) => four(before.ece)),
    both('Calibration error after', ({ after }) => four(after.ece)),
    both('Buy', ({ buy }) => acted(buy)),
    both('Sell', ({ sell }) => acted(sell)),
  ]
  const head = ['', 'out of fold', 'held out']
  return html`<div class="panel">
    <h3>${kind} calibration, ${policy} policy</h3>
    ${table(head, measured, `Returns after ${feeBps} bp a side, entered at the next open and left ${bars} bars on`)}
    ${coverageTable(record)}
  </div>`
}

function coverageTable({ outOfFold, heldOut }: CalibrationRecord): Html {
  const [chosen, later] = [outOfFold.coverage, heldOut.coverage]
  if (!chosen || !later) return html``
  const rows = [
    ['True class in the set', percent(chosen.coverage), percent(later.coverage)],
    ['Sets of one class', percent(chosen.single), percent(later.single)],
    ['Empty sets', percent(chosen.empty), percent(later.empty)],
    ['Classes a set', chosen.size.toFixed(2), later.size.toFixed(2)],
  ]
  return table(
    ['', 'out of fold', 'held out'],
    rows,
    'Coverage of the conformal sets: the promise, and what later rows saw',
  )
}

function acted({ rows, meanReturn }: ActedRows): string {
  return rows === 0 ? 'never' : `${count(rows)} bars, ${(meanReturn * 100).toFixed(3)} % each`
}
