import { expect, jest, test } from '@jest/globals'
import { SpendingDeadline } from '../spending-deadline.ts'

/** A dollar a second. */
const perHour = 3600

test('a deadline stops what comes too slowly when only its teardown can be paid', async () => {
  const { signal } = new SpendingDeadline({ budget: 65.03, perHour, teardownSeconds: 60 }, 'USD')
  expect(signal.aborted).toBe(false)
  await new Promise((stopped) => {
    signal.addEventListener('abort', stopped)
  })
  expect(signal.reason).toMatchObject({ code: 'BUDGET_SPENT', details: { budget: '65.03 USD', spent: '0.03 USD' } })
})

test('a deadline that is lifted, or that free machines never come to, stops nothing', () => {
  jest.useFakeTimers()
  try {
    const lifted = new SpendingDeadline({ budget: 66, perHour, teardownSeconds: 60 }, 'USD')
    const free = new SpendingDeadline({ budget: 1, perHour: 0, teardownSeconds: 60 }, 'USD')
    const late = new SpendingDeadline({ budget: 1e9, perHour, teardownSeconds: 60 }, 'USD')
    expect(jest.getTimerCount()).toBe(1)
    lifted.lift()
    expect(jest.getTimerCount()).toBe(0)
    expect([lifted, free, late].map(({ signal }) => signal.aborted)).toEqual([false, false, false])
  } finally {
    jest.useRealTimers()
  }
})
