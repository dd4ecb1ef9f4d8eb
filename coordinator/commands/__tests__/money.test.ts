import { describe, expect, test } from '@jest/globals'
import type { HourlyPrice, PlannedRental } from '#core/protocol'
import { MemoryFleet, MemoryRentalLedger } from '#platform/memory'
import { checkPlan, openPurse } from '../money.ts'
import type { Session } from '../session.ts'

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

test('a command keeps the teardown of the cluster that it rents back, and nothing where it rents none', async () => {
  const workshop = {
    rentals: () => Promise.resolve(new MemoryRentalLedger()),
    fleet: () => Promise.resolve(new MemoryFleet()),
  }
  const session = { workshop, now: () => 0, note: () => undefined } as unknown as Session
  const options = { budget: 264, price: 3600, currency: 'USD' }
  const run = { runId: 'a', route: null, earlier: [] }
  const alone = await openPurse(options, session)
  expect((await alone.join(run)).limit!.spending()).toMatchObject({ budget: 264, teardownSeconds: 0 })
  await alone.close()
  const rented = { url: 'redis://127.0.0.1', teardownSeconds: 200, onRun: () => Promise.resolve() }
  const purse = await openPurse({ ...options, rented }, session)
  await expect(purse.join(run)).rejects.toMatchObject({ code: 'BUDGET_TOO_SMALL' })
  await purse.close()
})
