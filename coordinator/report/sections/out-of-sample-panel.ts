import type { OutOfSampleRecord } from '#core/registry'
import { html, type Html } from '../html.ts'
import { count, counted } from '../../counted.ts'
import { liftInWords } from '../wording.ts'
import { scoreFigures } from './score-figures.ts'

/** What the procedure is worth: one score over the test rows of all outer steps. */
export function outOfSamplePanel({ score, steps }: OutOfSampleRecord): Html {
  return html`<div class="panel">
    <p class="eyebrow">
      Out of sample: ${counted(steps.length, 'model')}, ${count(score.rows)} rows that came after them
    </p>
    ${scoreFigures(score)}
    <p class="plain">${liftInWords(score, 'out-of-sample')}</p>
    <p class="caveat">
      Selection, search, calibration and fit of each step saw rows of its own window alone, purged of labels that reach
      the rows tested. The registered model is one more result of the same procedure.
    </p>
  </div>`
}
