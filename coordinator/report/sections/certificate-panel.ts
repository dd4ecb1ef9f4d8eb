import { table } from '../charts/figure.ts'
import { html, type Html } from '../html.ts'
import type { ReportData } from '../report-data.ts'

/** What the model was examined for before it was registered. */
export function certificatePanel({ manifest }: ReportData): Html {
  const { certificate } = manifest
  if (!certificate) return html``
  const rows = certificate.statement.checks.map(({ name, passed, summary }) => [
    name,
    passed ? 'passed' : 'failed',
    summary,
  ])
  return html`<div class="panel">
    <p class="eyebrow">Leakage certificate: what was examined before the version was registered</p>
    ${table(['check', '', 'what was seen'], rows, 'Signed; bullpen models certificate shows by which key')}
  </div>`
}
