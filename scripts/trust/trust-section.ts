/** One table of docs/trust.md, or several that belong together. */
export interface TrustSection {
  /** Stands in the page's markers: `<!-- trust:NAME -->` before and `<!-- /trust:NAME -->` behind. */
  readonly name: string
  /** Markdown. Slow; says what it does by `note`. */
  write(note: (text: string) => void): string | Promise<string>
}

/** A table in Markdown, the first column left-aligned, the others right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

/** The page with a section's table put between its markers. Throws when the page has none. */
export function withSection(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- trust:${name} -->`, `<!-- /trust:${name} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no markers for trust:${name}`)
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`
}

export function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`
}
