import type { Verdict } from '#core/verdict'
import type { ColumnContribution } from '../ports.ts'
import { columnInWords } from './column-in-words.ts'

/** One sentence: what the column says of the candle, and whether that speaks for the verdict, in margin units. */
export function contributionInWords({ column, value, margins }: ColumnContribution, verdict: Verdict): string {
  const share = margins[verdict]
  const side = share >= 0 ? 'for' : 'against'
  const sign = share >= 0 ? '+' : '-'
  const text = columnInWords(column, value)
  return `${text[0]!.toUpperCase()}${text.slice(1)}: speaks ${side} ${verdict} (${sign}${Math.abs(share).toFixed(2)}).`
}
