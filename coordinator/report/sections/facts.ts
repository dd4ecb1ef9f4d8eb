import { parameterText } from '#charts'
import { html, type Html } from '../html.ts'
import type { ReportData } from '../report-data.ts'
import { count, counted } from '../../counted.ts'
import { barWidth, utcMinute } from '../wording.ts'

/** Everything needed to make this model again. */
export function factsPanel(data: ReportData): Html {
  const { manifest, series } = data
  const { contract, engine, label, model, versions } = manifest
  const facts: readonly (readonly [string, Html | string])[] = [
    ['Candles', `${manifest.data.symbol}, ${barWidth(manifest.data.widthMs)}, from ${manifest.data.source}`],
    ['Range', `${utcMinute(manifest.data.firstOpenTime)} to ${utcMinute(manifest.data.lastOpenTime)}`],
    [
      'Rows',
      `${count(manifest.data.rows)}; ${counted(manifest.data.gaps, 'gap')}, ${counted(series.duplicatesDropped, 'duplicate')} dropped`,
    ],
    ['Data hash', hash(manifest.data.sha256)],
    ['Feature set', html`${contract.featureSet}, ${hash(contract.featureSetHash)}`],
    [
      'Columns',
      `${count(contract.columns.length)} selected of ${count(data.selection.columns.length)}; ${data.selection.case}`,
    ],
    ['Label', `${label.name}${inBrackets(label.parameters)}`],
    ['Verdict policy', policyText(contract.policy)],
    ['Calibration', contract.calibration?.kind ?? 'none: probabilities as the trees give them'],
    ['Splits', settings(manifest.splits)],
    ['Search', settings(manifest.search)],
    ['Parameters', settings(manifest.parameters)],
    ['Seed', String(manifest.seed)],
    ['Model', html`${hash(model.sha256)}, ${counted(model.bytes, 'byte')}, ${model.format}`],
    ['Engine', `XGBoost ${engine.version} (${engine.name}), ${counted(data.threads, 'thread')}`],
    ['Versions', `bullpen ${versions.bullpen}, Node ${versions.node}`],
    ['Git commit', manifest.gitCommit === null ? 'not a checkout' : hash(manifest.gitCommit)],
    ['Price', `${data.cost} (until this report; bullpen runs show has the last word)`],
    ['Run', manifest.runId],
  ]
  const rows = facts.map(
    ([term, fact]) =>
      html`<div>
        <dt>${term}</dt>
        <dd>${fact}</dd>
      </div>`,
  )
  return html`<div class="panel">
    <h3>The manifest</h3>
    <dl class="facts">${rows}</dl>
  </div>`
}

/** What a reader must know, and the selected columns. */
export function notesPanel({ manifest }: ReportData): Html {
  const notes =
    manifest.notes.length === 0
      ? html`<p class="after">Nothing to note.</p>`
      : html`<ul class="notes">
          ${manifest.notes.map((note) => html`<li>${note}</li>`)}
        </ul>`
  const { columns } = manifest.contract
  return html`<div class="panel">
    <h3>Notes</h3>
    ${notes}
    <details>
      <summary>The ${count(columns.length)} selected columns</summary>
      <ul class="columns">
        ${columns.map((name) => html`<li><code>${name}</code></li>`)}
      </ul>
    </details>
  </div>`
}

function hash(hex: string): Html {
  return html`<abbr title="${hex}"><code>${hex.slice(0, 12)}</code></abbr>`
}

function inBrackets(values: Readonly<Record<string, unknown>>): string {
  return Object.keys(values).length === 0 ? '' : ` (${settings(values)})`
}

function settings(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${settingText(value)}`)
    .join(', ')
}

/** Whatever a manifest holds, in words: what it nests stands in brackets, rows are counted. */
function settingText(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'string') return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value
  if (typeof value === 'number') return parameterText(value)
  if (Array.isArray(value)) return value.every(isRange) ? rangesText(value) : value.map(settingText).join(', ')
  return typeof value === 'object' ? `(${settings({ ...value })})` : JSON.stringify(value)
}

function isRange(value: unknown): value is { readonly start: number; readonly end: number } {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value
}

function rangesText(ranges: readonly { readonly start: number; readonly end: number }[]): string {
  const rows = ranges.reduce((sum, { start, end }) => sum + end - start, 0)
  const [first, last] = [ranges[0], ranges.at(-1)]
  if (first === undefined || last === undefined) return 'none'
  return `${count(rows)} between ${count(first.start)} and ${count(last.end - 1)} in ${counted(ranges.length, 'part')}`
}

function policyText(policy: ReportData['manifest']['contract']['policy']): string {
  if (policy.kind === 'argmax') return 'the most probable class; ties hold'
  const sides = `${side('buy', policy.buy)}, ${side('sell', policy.sell)}, otherwise hold`
  if (policy.kind === 'thresholds') return sides
  return `${sides}; only where 1 - p rules out every other class at ${parameterText(policy.nonconformity)}`
}

function side(verdict: string, threshold: number): string {
  return threshold === 1 ? `${verdict} never` : `${verdict} from ${parameterText(threshold)}`
}
