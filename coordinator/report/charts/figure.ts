import { html, trusted, type Html } from '../html.ts'
import { renderLegend, type LegendEntry } from './legend.ts'
import { drawSvg, type ChartOption, type Size } from './svg.ts'

/** A chart with its words. */
export interface Figure {
  /** Unique on the page; letters, digits and hyphens. */
  readonly id: string
  readonly title: string
  /** What a reader who cannot see the chart must know: read aloud in its place. */
  readonly summary: string
  /** What the marks mean; shown under the chart. */
  readonly caption: string
  /** In the page's own text, so that it wraps on a phone and keeps its size. */
  readonly legend?: readonly LegendEntry[]
  readonly wide: Size
  /** For screens under 720 px. Text keeps its size there because this one is drawn anew, not shrunk. */
  readonly narrow: Size
  readonly draw: (size: Size, form: 'wide' | 'narrow') => ChartOption
  /** The numbers behind the marks, folded away. */
  readonly numbers?: Html
}

/** One `<figure>`: the chart in two widths of which the page shows one, its caption, its numbers. */
export function renderFigure(figure: Figure): Html {
  const drawn = (['wide', 'narrow'] as const).map((form) => {
    const svg = drawSvg(`${figure.id}-${form}`, figure.draw(figure[form], form), figure[form])
    return html`<div class="chart ${form}" role="img" aria-label="${figure.summary}">${trusted(svg)}</div>`
  })
  const numbers =
    figure.numbers === undefined
      ? html``
      : html`<details>
          <summary>Numbers: ${figure.title.toLowerCase()}</summary>
          ${figure.numbers}
        </details>`
  return html`<figure id="${figure.id}">
    <h3>${figure.title}</h3>
    ${renderLegend(figure.legend ?? [])} ${drawn}
    <figcaption>${figure.caption}</figcaption>
    ${numbers}
  </figure>`
}

/** A column with a longer cell holds sentences: they wrap and begin at the left. */
const proseLength = 40

/** A plain table; the first cell of each row heads it. Numeric columns are told by the cells being right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], caption: string): Html {
  const isProse = head.map((_, column) => column > 0 && rows.some((row) => (row[column] ?? '').length > proseLength))
  const heads = head.map((cell, column) =>
    isProse[column] ? html`<th scope="col" class="prose">${cell}</th>` : html`<th scope="col">${cell}</th>`,
  )
  const body = rows.map(([first = '', ...rest]) => {
    return html`<tr>
      <th scope="row">${first}</th>
      ${rest.map((cell, i) => (isProse[i + 1] ? html`<td class="prose">${cell}</td>` : html`<td>${cell}</td>`))}
    </tr>`
  })
  return html`<div class="scroll">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`
}
