import { formatTime, formatTimeframe, type CandleSeries } from '#core/candles'

/** A series in one line: how much of what, from when to when, and its holes. */
export function describeSeries({ rows, symbol, widthMs, openTime, gaps }: CandleSeries): string {
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0)
  const holes = gaps.length === 0 ? '' : `, ${count(gaps.length, 'gap')} (${count(missing, 'bar')} missing)`
  const span = `${formatTime(openTime[0]!)} to ${formatTime(openTime[rows - 1]!)}`
  return `${rows} bars of ${symbol} ${formatTimeframe(widthMs)}, ${span}${holes}`
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
