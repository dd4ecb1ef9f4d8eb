import { BullpenError } from '#core/errors'

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
type Unit = keyof typeof unitMs

/** Milliseconds of a width written as ccxt and exchanges do: `15m`, `4h`, `1d`, `1w`. Throws TIMEFRAME_INVALID. */
export function parseTimeframe(text: string): number {
  const match = /^([1-9]\d{0,4})([smhdw])$/.exec(text)
  if (!match) throw new BullpenError('TIMEFRAME_INVALID', { text })
  return Number(match[1]) * unitMs[match[2] as Unit]
}

/** The shortest text that {@link parseTimeframe} reads back: 14_400_000 is `4h`. Throws TIMEFRAME_INVALID. */
export function formatTimeframe(widthMs: number): string {
  const unit = (['w', 'd', 'h', 'm', 's'] as const).find((name) => widthMs > 0 && widthMs % unitMs[name] === 0)
  if (!unit) throw new BullpenError('TIMEFRAME_INVALID', { text: `${widthMs} ms` })
  return `${widthMs / unitMs[unit]}${unit}`
}

/** ISO 8601 in UTC, without the milliseconds when they are zero: `2020-01-01T04:00:00Z`. `ms` since the epoch. */
export function formatTime(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString().replace('.000Z', 'Z')
}

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i

/**
 * Milliseconds since the epoch of an ISO 8601 text, or null when it is none. A text that names no zone is UTC, as every
 * exchange means it (`Date.parse` would take the machine's zone). A day that no month has is null, not the next month.
 */
export function parseTime(text: string): number | null {
  const match = iso.exec(text.trim())
  if (!match) return null
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)]
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  const valid = new Date(utc).getUTCDate() === day && month <= 12 && hour < 24 && minute < 60 && second < 60
  return valid ? utc - zoneMs(match[8]) : null
}

function zoneMs(zone: string | undefined): number {
  if (!zone || !/^[+-]/.test(zone)) return 0
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * unitMs.h + Number(zone.slice(-2)) * unitMs.m)
}
