/** Text that is already HTML. Only {@link html} and {@link trusted} make it. */
export interface Html {
  readonly markup: string
}

type Part = string | number | Html | readonly Html[]

/** A template whose every interpolation is escaped unless it is Html itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((out, text, i) => out + markupOf(parts[i - 1]!) + text) }
}

/** Markup from a source that escapes for itself (the chart renderer, the stylesheet). */
export function trusted(markup: string): Html {
  return { markup }
}

/** Escapes for text and for quoted attributes; characters that HTML forbids outright become spaces. */
export function escapeText(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[^\P{Cc}\t\n]|\p{Noncharacter_Code_Point}/gu, ' ')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function markupOf(part: Part): string {
  if (typeof part === 'string') return escapeText(part)
  if (typeof part === 'number') return String(part)
  return 'markup' in part ? part.markup : part.map((item) => item.markup).join('')
}
