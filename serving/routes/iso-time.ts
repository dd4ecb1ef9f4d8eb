/** A time as the service writes it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
