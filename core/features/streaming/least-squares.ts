/** Slope per row of the least-squares line through y[0..length) over x = 0, 1, ..., length - 1. */
export function slopeOf(y: Float64Array, length: number): number {
  const middle = (length - 1) / 2
  let products = 0
  for (let x = 0; x < length; x++) products += (x - middle) * y[x]!
  // The sum of (x - middle)^2 in closed form.
  return products / ((length * (length * length - 1)) / 12)
}
