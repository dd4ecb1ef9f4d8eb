import { html, trusted, type Html } from '../html.ts'
import type { Token } from '../tokens.ts'

const shapes = {
  line: '<path d="M0 6H22" stroke="currentColor" stroke-width="2.5" fill="none"/>',
  dashed: '<path d="M0 6H22" stroke="currentColor" stroke-width="2" stroke-dasharray="5 3" fill="none"/>',
  dotted: '<path d="M0 6H22" stroke="currentColor" stroke-width="2" stroke-dasharray="2 3" fill="none"/>',
  bar: '<path d="M2 1H20V11H2Z" fill="currentColor"/>',
  square: '<path d="M6 1H16V11H6Z" fill="currentColor"/>',
  up: '<path d="M11 1L17 11H5Z" fill="currentColor"/>',
  down: '<path d="M11 11L17 1H5Z" fill="currentColor"/>',
  dot: '<circle cx="11" cy="6" r="4" fill="currentColor"/>',
  diamond: '<path d="M11 1L16 6L11 11L6 6Z" fill="none" stroke="currentColor" stroke-width="1.5"/>',
  cross: '<path d="M7 2L15 10M15 2L7 10" stroke="currentColor" stroke-width="2.5" fill="none"/>',
} as const

/** One mark of a chart and what it means. */
export interface LegendEntry {
  readonly shape: keyof typeof shapes
  readonly color: Token
  readonly text: string
}

export function renderLegend(entries: readonly LegendEntry[]): Html {
  if (entries.length === 0) return html``
  const items = entries.map(({ shape, color, text }) => {
    const mark = trusted(
      `<svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true" style="color:var(--${color})">${shapes[shape]}</svg>`,
    )
    return html`<li>${mark}${text}</li>`
  })
  return html`<ul class="legend">
    ${items}
  </ul>`
}
