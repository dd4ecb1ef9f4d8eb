import type { Verdict } from '#core/verdict'

/** How far and how finely {@link nearestFlip} looks; all are fractions of the close. */
export interface FlipSearch {
  /** How far from the close, to either side. */
  readonly reach: number
  /** The first distance looked at. */
  readonly first: number
  /** Each further distance is this many times the one before. */
  readonly growth: number
  /** How far from where the verdict really changes the answer may lie, on the far side. */
  readonly tolerance: number
}

/** Up to 15 % away; a flip is found to 0.001 %. At most 278 closes are looked at. */
export const flipSearch: FlipSearch = { reach: 0.15, first: 1e-4, growth: 1.06, tolerance: 1e-5 }

export interface Flip {
  /** The verdict at this close is another. */
  readonly close: number
  readonly verdict: Verdict
  /** A close no further than the tolerance short of it, at which the verdict is still the same. */
  readonly heldAt: number
}

/**
 * The nearest close, up or down, that changes the verdict. Distances grow outwards from the close, both sides in turn;
 * between the last that held and the first that did not, halving finds the change. Null when none of the distances
 * changes it. A verdict changes in steps of its trees, so one that changes and changes back between two distances, 6 %
 * of the distance apart, is not seen; the one that is found is a true change.
 */
export function nearestFlip(close: number, verdictAt: (close: number) => Verdict, search = flipSearch): Flip | null {
  const now = verdictAt(close)
  let held = 0
  for (let distance = search.first; held < search.reach; distance *= search.growth) {
    const away = Math.min(distance, search.reach)
    const flips = [1, -1]
      .filter((side) => verdictAt(close * (1 + side * away)) !== now)
      .map((side) => narrow(close, side, { held, away }, now, verdictAt, search.tolerance))
    if (flips.length > 0)
      return flips.reduce((a, b) => (Math.abs(a.close - close) <= Math.abs(b.close - close) ? a : b))
    held = away
  }
  return null
}

function narrow(
  close: number,
  side: number,
  { held, away }: { readonly held: number; readonly away: number },
  now: Verdict,
  verdictAt: (close: number) => Verdict,
  tolerance: number,
): Flip {
  const at = (distance: number): number => close * (1 + side * distance)
  let [near, far] = [held, away]
  while (far - near > tolerance) {
    const middle = (near + far) / 2
    if (verdictAt(at(middle)) === now) near = middle
    else far = middle
  }
  return { close: at(far), verdict: verdictAt(at(far)), heldAt: at(near) }
}
