import { describe, expect, test } from '@jest/globals'
import type { HourlyPrice, PlannedRental } from '#core/protocol'
import { checkPlan } from '../money.ts'

/** A dollar a second. */
const usd: HourlyPrice = { perHour: 3600, currency: 'USD' }
const worker = (price: HourlyPrice | null = usd, name = 'worker-1'): PlannedRental => {
  return { name, kind: 'worker', place: '', price }
}
const redis: PlannedRental = { name: 'redis', kind: 'redis', place: '', price: null }

const slow = { startSeconds: 180, teardownSeconds: 180 }
const quick = { startSeconds: 60, teardownSeconds: 60 }

describe('a plan within a budget', () => {
  test.each([
    // Coming, a minute of work, going, and five seconds that an order may be late.
    ['a quick place', quick, 1, 185],
    ['a slow place', slow, 1, 425],
    ['two workers', quick, 2, 370],
  ])('at %s is refused below what coming, a minute and going cost', (_, target, workers, least) => {
    const planned = [redis, ...Array.from({ length: workers }, (_each, i) => worker(usd, `worker-${i + 1}`))]
    checkPlan(least, planned, target).lift()
    expect(() => checkPlan(least - 0.01, planned, target)).toThrow(
      `a budget of ${(least - 0.01).toFixed(2)} USD is too small: an hour costs ${3600 * workers}.00 USD`,
    )
  })

  test.each([
    ['a worker without a price', [redis, worker(null)], 'the price of worker-1 is not known'],
    ['two currencies', [worker(), worker({ perHour: 1, currency: 'EUR' }, 'worker-2')], 'several currencies'],
  ])('is refused with %s', (_, planned, reason) => {
    expect(() => checkPlan(1e6, planned, quick)).toThrow(reason)
  })
})
