import { randomBytes } from 'node:crypto'

/** A run id that sorts by time and is safe in file names and queue keys, e.g. `20200101-120000-1f3a9c`. */
export function newRunId(now: number): string {
  const [date, time] = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T')
  return `${date}-${time}-${randomBytes(3).toString('hex')}`
}
