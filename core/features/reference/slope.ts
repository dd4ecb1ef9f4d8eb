import type { Window } from '../streaming/window.ts'

const lengths = [10, 20, 30, 40]
const degrees = 180 / Math.PI

/**
 * Weighted angle of the least-squares lines through the last 10, 20, 30 and 40 closes before the current one, in
 * degrees, rounded to 4 decimals; 0 until 41 closes lie before the current one (features.md section 3.6). Each angle is
 * taken after scaling its window to the unit square and weighs 1 / deviation of its residuals in price units.
 */
export function slopeAngle(closes: Window): number {
  if (closes.count < 42) return 0
  let sum = 0
  let weights = 0
  for (const length of lengths) {
    const base = closes.lag(length)
    const slope = leastSquaresSlope(closes, length, base)
    const { range, deviation } = spread(closes, length, base, slope)
    if (range === 0 || deviation === 0) continue
    sum += (Math.atan((slope * (length - 1)) / range) * degrees) / deviation
    weights += 1 / deviation
  }
  if (weights === 0) return 0
  const rounded = Number((sum / weights).toFixed(4))
  return rounded === 0 ? 0 : rounded
}

/** Slope over x = 0..length-1 of the closes up to lag 1, taken relative to `base` so that large prices cancel. */
function leastSquaresSlope(closes: Window, length: number, base: number): number {
  const middle = (length - 1) / 2
  let products = 0
  for (let x = 0; x < length; x++) products += (x - middle) * (closes.lag(length - x) - base)
  return products / ((length * (length * length - 1)) / 12)
}

/** Range of the closes and population deviation of their residuals from the line of that slope. */
function spread(closes: Window, length: number, base: number, slope: number): { range: number; deviation: number } {
  const middle = (length - 1) / 2
  let mean = 0
  for (let x = 0; x < length; x++) mean += closes.lag(length - x) - base
  mean /= length
  let highest = -Infinity
  let lowest = Infinity
  let squares = 0
  for (let x = 0; x < length; x++) {
    const y = closes.lag(length - x) - base
    if (y > highest) highest = y
    if (y < lowest) lowest = y
    const residual = y - mean - slope * (x - middle)
    squares += residual * residual
  }
  return { range: highest - lowest, deviation: Math.sqrt(squares / length) }
}
