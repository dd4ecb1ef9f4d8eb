import { BullpenError } from '#core/errors'

/** Minutes at which something is due, in UTC, as five fields of a crontab say it. */
export interface Cron {
  /** As it was given. */
  readonly text: string
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly daysOfMonth: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly daysOfWeek: ReadonlySet<number>
  /** A day is due when either field of days names it, unless one of them is `*` (POSIX crontab). */
  readonly isEitherDay: boolean
}

const minuteMs = 60_000
const dayMs = 86_400_000

/** How far a due time is looked for, days: 29 February can be eight years away. */
const farthestDays = 8 * 366 + 1

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Reads `minute hour day-of-month month day-of-week`: numbers, names, `*`, lists, ranges, steps. Throws USAGE. */
export function readCron(text: string): Cron {
  const fields = text.trim().toLowerCase().split(/\s+/)
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields
  if (fields.length !== 5 || !minute || !hour || !dayOfMonth || !month || !dayOfWeek) {
    throw unreadable(text, 'it has not five fields: minute hour day-of-month month day-of-week')
  }
  const read = (field: string, min: number, max: number, names: readonly string[] = []) =>
    readField(field, { min, max, names }, text)
  const cron: Cron = {
    text,
    minutes: read(minute, 0, 59),
    hours: read(hour, 0, 23),
    daysOfMonth: read(dayOfMonth, 1, 31),
    months: read(month, 1, 12, ['', ...monthNames]),
    // 7 is Sunday as well.
    daysOfWeek: new Set([...read(dayOfWeek, 0, 7, dayNames)].map((day) => day % 7)),
    isEitherDay: !dayOfMonth.startsWith('*') && !dayOfWeek.startsWith('*'),
  }
  if (nextDue(cron, 0) === null) throw unreadable(text, 'there is no such day')
  return cron
}

/** The first due time after `time` (ms); null when there is none within eight years. */
export function nextDue(cron: Cron, time: number): number | null {
  return findDue(cron, (Math.floor(time / minuteMs) + 1) * minuteMs, 1)
}

/** The last due time that is not after `time` (ms); null when there is none within eight years. */
export function lastDue(cron: Cron, time: number): number | null {
  return findDue(cron, Math.floor(time / minuteMs) * minuteMs, -1)
}

/** Walks whole days and then the minutes of one, from `start` in `direction`. */
function findDue(cron: Cron, start: number, direction: 1 | -1): number | null {
  const firstDay = Math.floor(start / dayMs) * dayMs
  for (let i = 0; i <= farthestDays; i++) {
    const day = firstDay + direction * i * dayMs
    if (!isDueDay(cron, new Date(day))) continue
    const due = minutesOf(cron)
      .map((minute) => day + minute * minuteMs)
      .filter((time) => (direction === 1 ? time >= start : time <= start))
    if (due.length > 0) return direction === 1 ? due[0]! : due.at(-1)!
  }
  return null
}

function minutesOf({ hours, minutes }: Cron): number[] {
  return [...hours].flatMap((hour) => [...minutes].map((minute) => 60 * hour + minute)).sort((a, b) => a - b)
}

function isDueDay({ months, daysOfMonth, daysOfWeek, isEitherDay }: Cron, day: Date): boolean {
  if (!months.has(day.getUTCMonth() + 1)) return false
  const [ofMonth, ofWeek] = [daysOfMonth.has(day.getUTCDate()), daysOfWeek.has(day.getUTCDay())]
  return isEitherDay ? ofMonth || ofWeek : ofMonth && ofWeek
}

interface FieldRange {
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
}

function readField(field: string, range: FieldRange, text: string): Set<number> {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [, first, last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? []
    const from = first === '*' ? range.min : valueOf(first, range)
    // `5/10` is 5 and every 10 from there, as `5-59/10`.
    const to = last !== undefined ? valueOf(last, range) : first === '*' || step !== undefined ? range.max : from
    const every = Number(step ?? 1)
    const isWrong = first === undefined || (first === '*' && last !== undefined) || every < 1
    if (isWrong || from === null || to === null || from > to) throw unreadable(text, `${part} is not understood`)
    for (let value = from; value <= to; value += every) values.add(value)
  }
  return values
}

function valueOf(word: string | undefined, { min, max, names }: FieldRange): number | null {
  const value = /^\d{1,2}$/.test(word ?? '') ? Number(word) : names.indexOf(word ?? '')
  return value >= min && value <= max && word !== '' ? value : null
}

function unreadable(text: string, why: string): BullpenError {
  return new BullpenError('USAGE', { reason: `the schedule "${text}" cannot be read: ${why}` })
}
