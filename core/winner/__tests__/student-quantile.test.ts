import { expect, test } from '@jest/globals'
import { studentQuantile } from '../student-quantile.ts'

test.each([
  [0.999, 7, 4.7853],
  [0.95, 9, 1.8331],
  [0.999, 9, 4.2968],
  [0.9999, 9, 6.0101],
  [0.99, 20, 2.528],
  [0.9999, 20, 4.5385],
  [0.9995, 60, 3.4602],
  [0.975, 1000, 1.9623],
])('at %d with %d degrees of freedom it is %d', (p, freedom, quantile) => {
  expect(Math.abs(studentQuantile(p, freedom) / quantile - 1)).toBeLessThan(0.01)
})
