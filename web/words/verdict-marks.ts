import type { VerdictWord } from '../api/shapes.ts'

/** Shape and word of each verdict: colour never speaks alone. */
export const verdictMarks: Readonly<Record<VerdictWord, { readonly glyph: string; readonly word: string }>> = {
  sell: { glyph: '▼', word: 'Sell' },
  hold: { glyph: '■', word: 'Hold' },
  buy: { glyph: '▲', word: 'Buy' },
}

/** In the order in which probabilities are drawn. */
export const verdictOrder = ['sell', 'hold', 'buy'] as const
