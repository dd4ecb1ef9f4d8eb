import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { RateWindows } from '../rate-windows.ts'

const widthMs = 60_000

test('whatever comes when, no caller passes more often in a window than it may, and waits until its end', () => {
  const requests = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(30_000)), { maxLength: 200 })
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 5 }), (steps, most) => {
      const windows = new RateWindows({ most, widthMs, callers: 10 })
      const begun = new Map<string, { at: number; passed: number }>()
      let now = 0
      for (const [caller, pause] of steps) {
        now += pause
        let window = begun.get(caller)
        if (window === undefined || now >= window.at + widthMs) begun.set(caller, (window = { at: now, passed: 0 }))
        const seconds = windows.take(caller, now)
        if (window.passed === most) expect(seconds).toBe(Math.ceil((window.at + widthMs - now) / 1000))
        else expect([seconds, (window.passed += 1)]).toEqual([0, window.passed])
      }
    }),
    { seed: 7 },
  )
})

test('callers beyond those it remembers push out the one whose window began first', () => {
  const windows = new RateWindows({ most: 1, widthMs, callers: 2 })
  expect(['a', 'b', 'a', 'c', 'b', 'a'].map((caller, i) => windows.take(caller, i) > 0)).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
  ])
})
