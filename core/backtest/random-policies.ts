import type { Random } from '#core/random'

/** Rows over which a target stays the same. */
interface Spell {
  readonly target: number
  readonly rows: number
}

/**
 * A policy that trades as often, as long and as large as `targets` at moments that know nothing: the spells of each
 * target keep their number and their lengths, the lengths are dealt out anew among the spells of the same target, and
 * the whole is turned by a random number of rows (which may cut one spell in two).
 */
export function randomTargets(targets: Float64Array, random: Random): Float64Array {
  const spells = shuffled(spellsOf(targets), random)
  const out = new Float64Array(targets.length)
  let at = targets.length === 0 ? 0 : random.below(targets.length)
  for (const { target, rows } of spells) {
    for (let i = 0; i < rows; i++) {
      out[at] = target
      at = at + 1 === out.length ? 0 : at + 1
    }
  }
  return out
}

function spellsOf(targets: Float64Array): Spell[] {
  const spells: Spell[] = []
  for (let start = 0, t = 1; t <= targets.length; t++) {
    if (t < targets.length && targets[t] === targets[start]) continue
    spells.push({ target: targets[start]!, rows: t - start })
    start = t
  }
  return spells
}

/** The lengths of each direction dealt out anew; a size belongs to its spell's length. */
function shuffled(spells: readonly Spell[], random: Random): Spell[] {
  const places = new Map<number, number[]>()
  for (const [i, { target }] of spells.entries()) {
    const kind = Math.sign(target)
    const same = places.get(kind) ?? []
    same.push(i)
    places.set(kind, same)
  }
  const out = [...spells]
  for (const indexes of places.values()) {
    const order = random.permutation(indexes.length)
    for (const [i, index] of indexes.entries()) out[index] = spells[indexes[order[i]!]!]!
  }
  return out
}
