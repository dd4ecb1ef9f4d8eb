import type { ScoreCard } from '#core/registry'
import { html, type Html } from '../html.ts'
import { four, signed } from '../wording.ts'

/** The three numbers of a score that count, large. */
export function scoreFigures({ rocAucOvrWeighted, naiveRocAucOvrWeighted, lift }: ScoreCard): Html {
  return html`<dl class="figures">
    <div>
      <dt>model AUC</dt>
      <dd>${four(rocAucOvrWeighted)}</dd>
    </div>
    <div>
      <dt>naive AUC</dt>
      <dd>${four(naiveRocAucOvrWeighted)}</dd>
    </div>
    <div>
      <dt>lift</dt>
      <dd>${signed(lift)}</dd>
    </div>
  </dl>`
}
