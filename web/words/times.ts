const timeframeUnits = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Width of `4h` in ms; NaN when it is not a timeframe. */
export function widthOf(timeframe: string): number {
  const parts = /^(\d+)([smhdw])$/.exec(timeframe)
  if (parts === null) return NaN
  return Number(parts[1]) * timeframeUnits[parts[2] as keyof typeof timeframeUnits]
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const shortDayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })

/** `7 Jul 2021`. */
export function day(time: string | number): string {
  return dayFormat.format(new Date(time))
}

/** `7 Jul`. */
export function shortDay(time: string | number): string {
  return shortDayFormat.format(new Date(time))
}

/** `20:00`. */
export function clock(time: string | number): string {
  return clockFormat.format(new Date(time))
}

/** `7 Jul 2021, 20:00 UTC`. */
export function minute(time: string | number): string {
  return `${day(time)}, ${clock(time)} UTC`
}

/** How long something took or is old, in the two largest units: `3 d 4 h`, `1 h 12 min`, `8 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([amount]) => amount > 0)
  if (first === -1) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([amount], i) => i === 0 || amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ')
}
