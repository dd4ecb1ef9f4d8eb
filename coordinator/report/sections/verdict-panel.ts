import { classProbabilities, verdictOf, verdicts } from '#core/verdict'
import { table } from '../charts/figure.ts'
import { html, type Html } from '../html.ts'
import type { ReportData } from '../report-data.ts'
import { verdictMarks } from '../tokens.ts'
import { barWidth, percent, price, utcMinute } from '../wording.ts'

const latestShown = 6

/** The answer: what to do at the newest bar, how sure the model is, and which model says so. */
export function verdictPanel(data: ReportData): Html {
  const { newest, series, version, promotion } = data
  const { verdict, probabilities } = newest
  const odds = verdicts.map((name) => `${name} ${percent(probabilities[name])}`).join(', ')
  const segments = verdicts.map(
    (name) => html`<i class="s-${name}" style="flex:${probabilities[name].toFixed(4)} 0 0"></i>`,
  )
  const terms = verdicts.map(
    (name) =>
      html`<div>
        <dt>${verdictMarks[name].glyph} ${name}</dt>
        <dd>${percent(probabilities[name])}</dd>
      </div>`,
  )
  return html`<div class="panel">
    <p class="eyebrow">Verdict for the ${barWidth(series.widthMs)} bar opened ${utcMinute(newest.openTime)}</p>
    <p class="word ${verdict}"><span aria-hidden="true">${verdictMarks[verdict].glyph}</span>${verdict}</p>
    <div class="split" role="img" aria-label="Probabilities: ${odds}">${segments}</div>
    <dl class="odds">${terms}</dl>
    <p class="after">
      Model version ${version}, ${promotion.promoted ? 'the champion' : 'not the champion'}: ${promotion.text}.
    </p>
    ${latestTable(data)}
  </div>`
}

function latestTable({ answers, series, manifest }: ReportData): Html {
  const from = Math.max(0, answers.rowIndexes.length - latestShown)
  const rows = Array.from(answers.rowIndexes.subarray(from), (row, i) => {
    const at = (from + i) * verdicts.length
    const odds = classProbabilities(answers.probabilities.subarray(at, at + verdicts.length))
    const verdict = verdictOf(odds, manifest.contract.policy)
    return [
      utcMinute(series.openTime[row]!).slice(5, 16),
      price(series.close[row]!),
      ...verdicts.map((name) => percent(odds[name])),
      `${verdictMarks[verdict].glyph} ${verdict}`,
    ]
  })
  return table(['opened, UTC', 'close', ...verdicts, 'verdict'], rows.reverse(), `The newest ${rows.length} bars`)
}
