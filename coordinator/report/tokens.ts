/**
 * The report's colours, each for light and for dark paper. Verdicts use the blue and vermilion of Okabe & Ito (2008,
 * "Color Universal Design"), told apart under every common colour-vision deficiency, and always come with a shape too.
 * Light values are distinct: charts are drawn with them, and each is then replaced by its CSS variable.
 */
export const tokens = {
  page: ['#f7f7f4', '#0e1114'],
  panel: ['#ffffff', '#161a1e'],
  ink: ['#1a1d21', '#e9ebee'],
  muted: ['#59626b', '#a0a9b2'],
  axis: ['#b4bac0', '#4b545d'],
  grid: ['#e6e8ea', '#262c32'],
  buy: ['#0067a5', '#5bb5ec'],
  sell: ['#c24d00', '#ff8f52'],
  hold: ['#8b9198', '#7e8790'],
  accent: ['#5b3f9e', '#bda4f4'],
  kept: ['#007a62', '#35c39f'],
  dropped: ['#c3c8cd', '#4a5159'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

export type Token = keyof typeof tokens

/** The light colour of each token, to draw with. */
export const paint = Object.fromEntries(Object.entries(tokens).map(([name, [light]]) => [name, light])) as Readonly<
  Record<Token, string>
>

/** CSS declarations of every token, `--name: colour`, for light (0) or dark (1) paper. */
export function tokenDeclarations(scheme: 0 | 1): string {
  return Object.entries(tokens)
    .map(([name, colors]) => `--${name}:${colors[scheme]}`)
    .join(';')
}

const variableOf: ReadonlyMap<string, string> = new Map(
  Object.entries(tokens).map(([name, [light]]) => [light, `var(--${name})`]),
)

/** The CSS variable of a light colour, or the colour itself when it is no token. */
export function cssVariable(color: string): string {
  return variableOf.get(color) ?? color
}

/** Shape and word of each verdict: colour never speaks alone. */
export const verdictMarks = {
  sell: { glyph: '▼', legend: 'down', symbol: 'triangle', rotate: 180 },
  hold: { glyph: '■', legend: 'square', symbol: 'rect', rotate: 0 },
  buy: { glyph: '▲', legend: 'up', symbol: 'triangle', rotate: 0 },
} as const
