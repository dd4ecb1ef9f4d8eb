import { expect, test } from '@jest/globals'
import { clockFace, duration } from '../durations.ts'

test('durations take the unit a person would use, and roll over instead of saying 60 s', () => {
  expect([-5, 0, 999.4, 999.6, 4_210, 59_949, 59_950, 185_000, 3_599_600, 7_620_000].map(duration)).toEqual([
    '0 ms',
    '0 ms',
    '999 ms',
    '1.0 s',
    '4.2 s',
    '59.9 s',
    '1 min 00 s',
    '3 min 05 s',
    '1 h 00 min',
    '2 h 07 min',
  ])
})

test('a clock face shows whole seconds passed', () => {
  expect([0, 7_999, 760_000, 3_729_000].map(clockFace)).toEqual(['0:00', '0:07', '12:40', '1:02:09'])
})
