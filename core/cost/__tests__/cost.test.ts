import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Agent, Rental } from '#core/protocol'
import {
  costInWords,
  costOf,
  hourlyRate,
  moneyInWords,
  paidAgents,
  paidRentals,
  secondsOf,
  trialCosts,
  united,
  type PaidTime,
} from '../index.ts'

const hour = 3_600_000
const usd = { perHour: 1.2, currency: 'USD' }

function rental(changes: Partial<Rental> = {}): Rental {
  return {
    id: 'c/worker-1#1',
    cluster: 'c',
    target: 'aws',
    name: 'worker-1',
    kind: 'worker',
    place: 'i-1',
    price: usd,
    bookedAt: 0,
    startedAt: hour,
    endsAt: 9 * hour,
    endedAt: null,
    endedBecause: null,
    runId: 'r',
    ...changes,
  }
}

describe('what rentals cost', () => {
  test('is their time until now or their end, from when they were seen or else booked, times the price', () => {
    const rentals = [rental(), rental({ endedAt: 1.5 * hour }), rental({ startedAt: null })]
    const cost = costOf(paidRentals(rentals, 2 * hour))
    expect(cost.amounts['USD']).toBeCloseTo((1 + 0.5 + 2) * 1.2, 12)
    expect(hourlyRate(paidRentals(rentals, 2 * hour))).toEqual({ USD: 2.4 })
  })

  test('is never added over currencies, and things without a price are said', () => {
    const rentals = [rental(), rental({ price: { perHour: 2, currency: 'RUB' } }), rental({ price: null })]
    const cost = costOf(paidRentals(rentals, 2 * hour))
    expect(cost).toMatchObject({ amounts: { USD: 1.2, RUB: 2 }, unpriced: 1 })
    expect(costInWords(cost)).toBe(
      '1.20 USD and 2.00 RUB, without those whose price is not known: 1 worker x 1.0 h at 1.2 USD/h, 1 worker x 1.0 h at 2 RUB/h, 1 worker x 1.0 h at an unknown price',
    )
  })

  test('leaves out a guard without a price, which is a process here', () => {
    expect(paidRentals([rental({ kind: 'guard', price: null })], hour)).toEqual([])
    expect(paidRentals([rental({ kind: 'guard' })], 2 * hour)).toHaveLength(1)
  })

  test('is told in words, free and unknown among them', () => {
    const zero = { perHour: 0, currency: 'USD' }
    const words = (...rentals: Rental[]) => costInWords(costOf(paidRentals(rentals, 1.2 * hour)))
    expect(words(rental(), rental(), rental({ kind: 'redis', price: { perHour: 0.5, currency: 'USD' } }))).toBe(
      '0.58 USD: 2 workers x 0.2 h at 1.2 USD/h, 1 redis x 0.2 h at 0.5 USD/h',
    )
    expect(words(rental({ price: zero }))).toBe('0.00 USD: 1 worker x 0.2 h at 0 USD/h')
    expect(words(rental({ price: null }))).toBe('no price is known: 1 worker x 0.2 h at an unknown price')
    expect(words()).toContain('no price is known')
    expect(moneyInWords(0.000_123, 'USD')).toBe('0.00012 USD')
  })
})

test('agents are paid for as long as they were there within the run', () => {
  const agent = { host: 'h', price: usd, joinedAt: 0, leftAt: null, state: 'running', heartbeatAt: 3 * hour } as Agent
  const spans = [{ from: hour, until: 3 * hour }]
  const seconds = (changes: Partial<Agent>) =>
    paidAgents([{ ...agent, ...changes }], spans).map((each) => each.seconds / 3600)
  expect(seconds({})).toEqual([2])
  expect(seconds({ joinedAt: 2 * hour })).toEqual([1])
  expect(seconds({ state: 'left', leftAt: 1.5 * hour })).toEqual([0.5])
  expect(seconds({ state: 'lost', heartbeatAt: 1.25 * hour })).toEqual([0.25])
  expect(seconds({ state: 'left', leftAt: 0.5 * hour })).toEqual([])
  // At the very beginning what an hour costs is known already.
  expect(hourlyRate(paidAgents([agent], [{ from: hour, until: hour }]))).toEqual({ USD: 1.2 })
})

test('spans united hold each moment of any of them once', () => {
  const span = fc.tuple(fc.nat(50), fc.nat(20)).map((times) => {
    const [from, length] = times.map((seconds) => seconds * 1000) as [number, number]
    return { from, until: from + length }
  })
  fc.assert(
    fc.property(fc.array(span, { maxLength: 8 }), (spans) => {
      const apart = united(spans)
      const seconds = Array.from({ length: 71 }, (_, at) => at * 1000).filter((at) =>
        spans.some(({ from, until }) => from <= at && at < until),
      )
      expect(secondsOf(apart)).toBe(seconds.length)
      for (const [at, { from }] of apart.entries()) if (at > 0) expect(from).toBeGreaterThan(apart[at - 1]!.until)
    }),
    { seed: 1 },
  )
})

describe('what trials cost', () => {
  const paid = (seconds: number, perHour: number): PaidTime => {
    return { name: 'w', kind: 'worker', place: '', seconds, price: { perHour, currency: 'USD' }, isOpen: false }
  }

  test('is their share of the thread-seconds paid for', () => {
    const cost = costOf([paid(3600, 1), paid(3600, 1)])
    expect(trialCosts(cost, [{ number: 3, durationMs: 720_000 }], 4)).toEqual([{ number: 3, amounts: { USD: 0.1 } }])
  })

  test('never comes to more than the run, whatever was measured', () => {
    const durations = fc.array(fc.double({ min: 0, max: 1e8, noNaN: true }), { maxLength: 20 })
    const times = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1e5, noNaN: true }), fc.double({ min: 0, max: 10, noNaN: true })),
      { maxLength: 5 },
    )
    fc.assert(
      fc.property(durations, times, fc.integer({ min: 0, max: 64 }), (ms, hosts, threads) => {
        const cost = costOf(hosts.map(([seconds, perHour]) => paid(seconds, perHour)))
        const trials = trialCosts(
          cost,
          ms.map((durationMs, number) => ({ number, durationMs })),
          threads,
        )
        const sum = trials.reduce((total, { amounts }) => total + (amounts['USD'] ?? 0), 0)
        expect(sum).toBeLessThanOrEqual((cost.amounts['USD'] ?? 0) * (1 + 1e-9))
      }),
      { numRuns: 60, seed: 5 },
    )
  })
})
