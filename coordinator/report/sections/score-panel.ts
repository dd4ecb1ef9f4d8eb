import { table } from '../charts/figure.ts'
import { html, type Html } from '../html.ts'
import type { ReportData } from '../report-data.ts'
import { count } from '../../counted.ts'
import { four, liftInWords, signed, skillCaveatOf } from '../wording.ts'
import { scoreFigures } from './score-figures.ts'

/** What the model is worth on bars it has never seen, next to a number that knows nothing. */
export function scorePanel({ manifest }: ReportData): Html {
  const { heldOut, crossValidation } = manifest
  const rows = [
    ['AUC, weighted one against rest', four(heldOut.rocAucOvrWeighted), four(crossValidation.rocAucOvrWeighted)],
    ['AUC of the naive number', four(heldOut.naiveRocAucOvrWeighted), four(crossValidation.naiveRocAucOvrWeighted)],
    ['Lift', signed(heldOut.lift), signed(crossValidation.lift)],
    ['F1, weighted', four(heldOut.f1Weighted), four(crossValidation.f1Weighted)],
    ['Log loss', four(heldOut.logLoss), four(crossValidation.logLoss)],
    ['Bars', count(heldOut.rows), count(crossValidation.rows)],
  ]
  return html`<div class="panel">
    <p class="eyebrow">Held-out tail: bars that selection and search never saw, scored once</p>
    ${scoreFigures(heldOut)}
    <p class="plain">${liftInWords(heldOut)}</p>
    <p class="caveat">${skillCaveatOf(manifest.label)}</p>
    ${table(['', 'held out', 'cross-validated'], rows, 'Cross-validated scores are optimistic: selection and search chose by them')}
  </div>`
}
