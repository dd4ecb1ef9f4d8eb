import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { RememberingState } from '../streaming/remembering-state.ts'

const hourMs = 3_600_000
/** 1970-01-01, day 0, was a Thursday. */
const epochWeekday = 3

/** UTC hour 0..23 and weekday 0..6, Monday 0, of the candle's open. */
export const calendarKernel: Kernel = {
  family: 'calendar',
  columns: ['hour', 'weekday'],
  warmup: 0,
  start: () => new CalendarState(),
}

class CalendarState extends RememberingState {
  override step({ openTime }: Candle, out: Float64Array, offset: number): void {
    const hours = Math.floor(openTime / hourMs)
    out[offset] = hours % 24
    out[offset + 1] = (Math.floor(hours / 24) + epochWeekday) % 7
  }
}
