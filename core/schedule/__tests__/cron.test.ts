import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BullpenError } from '#core/errors'
import { lastDue, nextDue, readCron } from '../cron.ts'

const at = (text: string): number => Date.parse(text)
const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())

describe('a cron expression', () => {
  test.each([
    ['0 6 * * 1', '2026-11-23T06:00:00Z', '2026-11-30T06:00:00.000Z'],
    ['0 6 * * mon', '2026-11-23T05:59:59Z', '2026-11-23T06:00:00.000Z'],
    ['*/15 * * * *', '2026-11-23T06:16:00Z', '2026-11-23T06:30:00.000Z'],
    ['5/20 8-9 * * *', '2026-11-23T08:46:00Z', '2026-11-23T09:05:00.000Z'],
    ['30 4 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T04:30:00.000Z'],
    ['0 0 13 * 5', '2026-11-01T00:00:00Z', '2026-11-06T00:00:00.000Z'],
    ['0 0 * * 7', '2026-11-23T00:00:00Z', '2026-11-29T00:00:00.000Z'],
    ['0 0 1 jan,jul *', '2026-02-01T00:00:00Z', '2026-07-01T00:00:00.000Z'],
  ])('%s after %s is due at %s', (cron, after, due) => {
    expect(iso(nextDue(readCron(cron), at(after)))).toBe(due)
    expect(iso(lastDue(readCron(cron), at(due)))).toBe(due)
  })

  test.each(['', '* * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '5-1 * * * *'])(
    '%j is refused in words',
    (cron) => {
      expect(() => readCron(cron)).toThrow(BullpenError)
    },
  )

  test.each(['*/0 * * * *', 'a * * * *', '1,,2 * * * *', '*-3 * * * *', '0 0 30 2 *', '0 0 * * 1 2020'])(
    '%j is refused in words, too',
    (cron) => {
      expect(() => readCron(cron)).toThrow('cannot be read')
    },
  )

  test('what is due next is the first such minute, whatever the expression and the time', () => {
    const field = (min: number, max: number) =>
      fc.oneof(fc.constant('*'), fc.integer({ min, max }).map(String), fc.constant('*/7'))
    const crons = fc.tuple(field(0, 59), field(0, 23), fc.constant('*'), fc.constant('*'), field(0, 6))
    fc.assert(
      fc.property(crons, fc.integer({ min: 0, max: 2e12 }), (fields, time) => {
        const cron = readCron(fields.join(' '))
        const next = nextDue(cron, time)!
        expect(next).toBeGreaterThan(time)
        expect(next % 60_000).toBe(0)
        // Nothing is due between: the last one before it is not after `time`.
        expect(lastDue(cron, next - 1)!).toBeLessThanOrEqual(time)
        expect(lastDue(cron, next)).toBe(next)
        const date = new Date(next)
        expect(cron.minutes.has(date.getUTCMinutes()) && cron.hours.has(date.getUTCHours())).toBe(true)
        expect(cron.daysOfWeek.has(date.getUTCDay())).toBe(true)
      }),
      { numRuns: 60, seed: 7 },
    )
  })
})
