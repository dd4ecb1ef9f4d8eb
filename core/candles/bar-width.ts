import { BullpenError } from '#core/errors'
import { rowNumber, type Origin } from './row-checks.ts'
import { formatTime, formatTimeframe } from './time.ts'

/** So many equal steps in a row of another length are another width, not gaps or strays. */
const otherWidthRun = { narrower: 3, wider: 8 } as const

/**
 * The width of a bar in ms: the most common step between sorted distinct times (the narrower of two equally common).
 * Throws CANDLES_WIDTH_UNKNOWN when there is only one bar.
 */
export function detectWidth(openTime: Float64Array, source: string): number {
  const counts = new Map<number, number>()
  for (let i = 1; i < openTime.length; i++) {
    const step = openTime[i]! - openTime[i - 1]!
    counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  const [best] = [...counts].sort(([stepA, a], [stepB, b]) => b - a || stepA - stepB)
  if (!best) throw new BullpenError('CANDLES_WIDTH_UNKNOWN', { source })
  return best[0]
}

/**
 * Requires that sorted distinct times stand whole widths apart. The grid is the phase most bars share, so weekly bars
 * that open on Monday are as good as 4-hour ones that open at midnight. Throws CANDLES_MIXED_WIDTHS when 3 equal
 * narrower or 8 equal wider steps follow one another (two files of different widths joined; 8 since a market without
 * trades can leave several equal gaps), otherwise CANDLES_OFF_GRID for the first stray.
 * `indexOf` gives the input index of a sorted row.
 */
export function checkGrid(openTime: Float64Array, widthMs: number, origin: Origin, indexOf: ArrayLike<number>): void {
  const phase = commonPhase(openTime, widthMs)
  let stray = -1
  let run = 0
  for (let i = 0; i < openTime.length; i++) {
    const step = i > 0 ? openTime[i]! - openTime[i - 1]! : widthMs
    run = i > 1 && step === openTime[i - 1]! - openTime[i - 2]! ? run + 1 : 1
    if (step !== widthMs && run >= (step < widthMs ? otherWidthRun.narrower : otherWidthRun.wider)) {
      const row = rowNumber(origin, indexOf[i]!)
      const [width, other] = [widthText(widthMs), widthText(step)]
      throw new BullpenError('CANDLES_MIXED_WIDTHS', {
        source: origin.source,
        row,
        value: formatTime(openTime[i]!),
        width,
        other,
      })
    }
    if (stray < 0 && modulo(openTime[i]!, widthMs) !== phase) stray = i
  }
  if (stray < 0) return
  throw new BullpenError('CANDLES_OFF_GRID', {
    source: origin.source,
    row: rowNumber(origin, indexOf[stray]!),
    value: formatTime(openTime[stray]!),
    width: widthText(widthMs),
  })
}

/** Times before 1970 are negative, where `%` would be too. */
export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}

function commonPhase(openTime: Float64Array, widthMs: number): number {
  const counts = new Map<number, number>()
  for (const time of openTime) {
    const phase = modulo(time, widthMs)
    counts.set(phase, (counts.get(phase) ?? 0) + 1)
  }
  let best: [phase: number, count: number] = [0, 0]
  for (const entry of counts) if (entry[1] > best[1]) best = entry
  return best[0]
}

function widthText(ms: number): string {
  return ms % 1000 === 0 ? formatTimeframe(ms) : `${ms} ms`
}
