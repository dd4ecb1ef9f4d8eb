import type { ModelManifest } from '#core/registry'
import { rowsIn, type RowPlan } from '#core/selection'

/** What tells from when on a model's rows are forward rows. */
export type Learned = Pick<ModelManifest, 'data' | 'splits'>

/**
 * The open time (ms) from which no candle was read for fitting, selecting or tuning a model: that of the first row of
 * its held-out tail, which lies label reach and embargo behind its last development row. A manifest knows rows, not
 * times: with gaps behind that row the answer is later than need be, never earlier. Infinity when the manifest names
 * no held-out tail.
 */
export function forwardFrom({ data, splits }: Learned): number {
  const [first] = Array.isArray(splits['heldOutRows']) ? (splits['heldOutRows'] as readonly unknown[]) : []
  const start = (first as { readonly start?: unknown } | undefined)?.start
  if (typeof start !== 'number') return Infinity
  return data.lastOpenTime - (data.rows - 1 - start) * data.widthMs
}

/**
 * The challenger's held-out rows that are forward rows of the champion too, ascending. Only these may decide between
 * the two. The champion itself became champion on rows of its tail, some of which may be here: that flatters the
 * champion, so it makes a promotion less likely and never more.
 */
export function forwardRows(
  { heldOut }: Pick<RowPlan, 'heldOut'>,
  openTime: ArrayLike<number>,
  champion: Learned | null,
): Uint32Array {
  const from = champion === null ? -Infinity : forwardFrom(champion)
  return rowsIn(heldOut).filter((row) => openTime[row]! >= from)
}
