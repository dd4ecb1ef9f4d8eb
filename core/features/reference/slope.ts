import { slopeOf } from '../streaming/least-squares.ts'
import type { Window } from '../streaming/window.ts'

const lengths = [10, 20, 30, 40]
const degrees = 180 / Math.PI

/** Computes `Close_coef_nak`; keeps nothing between calls but room to work in. */
export class SlopeAngle {
  private readonly y = new Float64Array(40)

  /**
   * Weighted angle of the least-squares lines through the last 10, 20, 30 and 40 closes before the current one, in
   * degrees, rounded to 4 decimals; 0 until 41 closes lie before the current one (features.md section 3.6). Each angle
   * is taken after scaling its window to the unit square and weighs 1 / deviation of its residuals in price units.
   */
  of(closes: Window): number {
    if (closes.count < 42) return 0
    let sum = 0
    let weights = 0
    for (const length of lengths) {
      // Relative to the oldest close, so that large prices cancel.
      for (let x = 0; x < length; x++) this.y[x] = closes.lag(length - x) - closes.lag(length)
      const slope = slopeOf(this.y, length)
      const range = this.range(length)
      const deviation = this.residualDeviation(length, slope)
      if (range === 0 || deviation === 0) continue
      sum += (Math.atan((slope * (length - 1)) / range) * degrees) / deviation
      weights += 1 / deviation
    }
    if (weights === 0) return 0
    const rounded = Number((sum / weights).toFixed(4))
    return rounded === 0 ? 0 : rounded
  }

  private range(length: number): number {
    let highest = -Infinity
    let lowest = Infinity
    for (let x = 0; x < length; x++) {
      highest = Math.max(highest, this.y[x]!)
      lowest = Math.min(lowest, this.y[x]!)
    }
    return highest - lowest
  }

  /** Population deviation (divisor `length`) of the residuals from the least-squares line. */
  private residualDeviation(length: number, slope: number): number {
    let mean = 0
    for (let x = 0; x < length; x++) mean += this.y[x]! / length
    let squares = 0
    for (let x = 0; x < length; x++) {
      const residual = this.y[x]! - mean - slope * (x - (length - 1) / 2)
      squares += residual * residual
    }
    return Math.sqrt(squares / length)
  }
}
