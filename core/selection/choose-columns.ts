/** One side (up or down) after ranking: what the cut is made of. Columns are positions, indexed like the feature set. */
export interface RankedSide {
  /** Columns, most important first. */
  readonly order: readonly number[]
  /** Average precision with the first k columns noised, k = 0..columns. */
  readonly curve: readonly number[]
  /** Share of positive rows: the average precision of a random ranking. */
  readonly positiveShare: number
}

/** How many columns of a ranking are kept, and why. */
export interface Cut {
  readonly kept: number
  readonly case: 'below-random' | 'below-random-and-margin' | 'never-below-random' | 'no-better-than-random-untouched'
}

/** The columns to train on. */
export interface ColumnChoice {
  /** Ascending, which is the canonical order. */
  readonly columns: readonly number[]
  /** Which rule applied, for the log. */
  readonly case: string
  readonly up: Cut
  readonly down: Cut
}

/** Above so many columns the cut is tried once more against a threshold this much higher (baseline-training.md 2.7). */
const manyColumns = 100
const margin = 1.05

/** Columns by importance, highest first, ties in canonical order. */
export function rankColumns(importance: readonly number[]): number[] {
  return importance.map((_, column) => column).sort((a, b) => importance[b]! - importance[a]! || a - b)
}

/**
 * Cuts a ranking where noising its first k columns leaves the model worse than a random ranking: k columns are kept
 * (the reference keeps k + 1, an off-by-one). When that keeps more than 100, a threshold 5 % higher is used if it still
 * keeps at least one. A model that is worse than random before any noise says nothing about its columns, so all of them
 * are kept; never none.
 */
export function cutRanking({ order, curve, positiveShare }: RankedSide): Cut {
  const all = order.length
  const firstBelow = (threshold: number) => curve.findIndex((precision) => precision < threshold)
  const k = firstBelow(positiveShare)
  if (k === 0) return { kept: all, case: 'no-better-than-random-untouched' }
  if (k === -1 || k > manyColumns) {
    const stricter = firstBelow(positiveShare * margin)
    if ((k !== -1 || all > manyColumns) && stricter > 0) return { kept: stricter, case: 'below-random-and-margin' }
    if (k === -1) return { kept: all, case: 'never-below-random' }
  }
  return { kept: k, case: 'below-random' }
}

/**
 * Joins the columns kept for both sides: their union in canonical order; when one side kept everything, the columns of
 * the other (baseline-training.md section 3, whose table says what the reference did instead). Of `total` columns.
 */
export function chooseColumns(up: RankedSide, down: RankedSide, total: number): ColumnChoice {
  const cuts = { up: cutRanking(up), down: cutRanking(down) }
  const kept = { up: up.order.slice(0, cuts.up.kept), down: down.order.slice(0, cuts.down.kept) }
  const full = { up: kept.up.length === total, down: kept.down.length === total }
  const explain = (rule: string) => `${rule} (up ${say(cuts.up, total)}; down ${say(cuts.down, total)})`
  const choice = (columns: readonly number[], rule: string): ColumnChoice => ({
    columns: [...new Set(columns)].sort((a, b) => a - b),
    case: explain(rule),
    ...cuts,
  })
  if (full.up && full.down) return choice(kept.up, 'both sides kept every column, so all are used')
  if (full.up) return choice(kept.down, 'up kept every column, so the columns of down are used')
  if (full.down) return choice(kept.up, 'down kept every column, so the columns of up are used')
  return choice([...kept.up, ...kept.down], 'the union of both sides is used')
}

function say({ kept, case: reason }: Cut, total: number): string {
  return `${kept} of ${total}, ${reason}`
}
