import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import type { PaidTime } from '#core/cost'
import { SpendingLimit } from '../spending-limit.ts'

const paid = (changes: Partial<PaidTime> = {}): PaidTime => {
  const price = { perHour: 3.6, currency: 'USD' }
  return { name: 'worker-1', kind: 'worker', place: 'h', seconds: 100, price, isOpen: true, ...changes }
}

/** A limit with a clock of its own; 3.60 an hour is a tenth of a cent a second. */
async function open(budget: number, read: () => Promise<PaidTime[]>) {
  const time = { now: 1_000_000 }
  const limit = await SpendingLimit.open({ budget, teardownSeconds: 60, read, now: () => time.now, everyMs: 5 })
  return { limit, time }
}

describe('a spending limit', () => {
  test.each([
    ['nothing has a price', [], 'nothing that the run uses has a price'],
    ['something has no price', [paid(), paid({ name: 'worker-2', price: null })], 'the price of worker-2 is not known'],
    [
      'currencies differ',
      [paid(), paid({ price: { perHour: 1, currency: 'EUR' } })],
      'USD and EUR, which are never added',
    ],
  ])('cannot be kept where %s', async (_, things, reason) => {
    await expect(open(5, () => Promise.resolve(things))).rejects.toMatchObject({
      code: 'BUDGET_WITHOUT_PRICE',
      details: { reason: expect.stringContaining(reason) },
    })
  })

  test('that does not pay for a minute and the teardown is refused before anything is done', async () => {
    await expect(open(0.2, () => Promise.resolve([paid()]))).rejects.toMatchObject({
      code: 'BUDGET_TOO_SMALL',
      details: { budget: '0.20 USD' },
    })
  })

  test('reckons on between two readings, and while none can be had', async () => {
    let isAway = false
    const { limit, time } = await open(1, () =>
      isAway ? Promise.reject(new Error('away')) : Promise.resolve([paid()]),
    )
    isAway = true
    expect(limit.spending().spent).toBeCloseTo(0.1, 9)
    time.now += 50_000
    expect(limit.spending().spent).toBeCloseTo(0.15, 9)
    await limit.close()
  })

  test('reads again what is there: machines that came or went change what is left', async () => {
    let reads = 0
    let again: () => void = () => undefined
    const { limit } = await open(1, () => {
      if (++reads === 3) again()
      return Promise.resolve(reads === 1 ? [paid()] : [paid({ seconds: 300 }), paid({ name: 'worker-2', seconds: 0 })])
    })
    await new Promise<void>((resolve) => (again = resolve))
    const { spent, perHour } = limit.spending()
    expect([spent, perHour]).toEqual([expect.closeTo(0.3, 9), 7.2])
    await limit.close()
  })

  test('asks no more trials when another and judging could not be paid', async () => {
    const { limit } = await open(0.6, () => Promise.resolve([paid()]))
    // 500 s are left, 65 of them for the end.
    expect(limit.mayAsk({ longestTrialSeconds: 50, beforeSearchSeconds: 80 })).toBe(true)
    expect(limit.mayAsk({ longestTrialSeconds: 60, beforeSearchSeconds: 80 })).toBe(false)
    await limit.close()
  })

  test('stops the run when something comes whose price is not known: the budget could not be kept', async () => {
    const things = [paid()]
    const { limit } = await open(5, () => Promise.resolve(things))
    const stopped = once(limit.signal, 'abort')
    things.push(paid({ name: 'worker-2', price: null }))
    await stopped
    expect(limit.signal.reason).toMatchObject({ code: 'BUDGET_WITHOUT_PRICE' })
    await limit.close()
  })

  test('stops the run when only its teardown can be paid', async () => {
    let seconds = 100
    const { limit, time } = await open(0.6, () => Promise.resolve([paid({ seconds })]))
    const stopped = new Promise((resolve) => {
      limit.signal.addEventListener('abort', resolve)
    })
    seconds += 440
    time.now += 440_000
    await stopped
    expect(limit.signal.reason).toMatchObject({ code: 'BUDGET_SPENT', details: { budget: '0.60 USD' } })
    await limit.close()
  })
})
