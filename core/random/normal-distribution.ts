/**
 * Standard normal distribution function, absolute error below 1e-15 (Hart 1968 as arranged by West 2005, "Better
 * approximations to cumulative normal functions").
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x)
  if (z > 37) return x > 0 ? 1 : 0
  const density = Math.exp((-z * z) / 2)
  const upper =
    z < 7.07106781186547 ? (density * polynomial(numerator, z)) / polynomial(denominator, z) : density * tail(z)
  return x > 0 ? 1 - upper : upper
}

/** P(a < Z < b), taken on the side of zero where no digits cancel. */
export function normalMass(a: number, b: number): number {
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a)
}

/** Coefficients from the highest power down. */
const numerator = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
]
const denominator = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
]

function polynomial(coefficients: readonly number[], z: number): number {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * z + coefficient
  return sum
}

function tail(z: number): number {
  return 1 / (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) / 2.506628274631
}

/** The x below which a share `p` in (0, 1) of a standard normal lies: the inverse of {@link normalCdf}, by bisection. */
export function normalQuantile(p: number): number {
  // On the lower side no digits of a small share are lost.
  if (p > 0.5) return -normalQuantile(1 - p)
  let [low, high] = [-38, 0]
  while (high - low > 1e-15 * Math.max(1, -low)) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (normalCdf(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
