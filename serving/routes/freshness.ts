/** A time as the service writes it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** Whether no candle has closed for more than two widths since the newest one. All in ms. */
export function isStale(openTime: number, widthMs: number, now: number): boolean {
  return now > openTime + 3 * widthMs
}

/** Time since the candle closed, ms. */
export function dataAge(openTime: number, widthMs: number, now: number): number {
  return Math.max(0, now - openTime - widthMs)
}
