import { seriesFromColumns } from '#core/candles'
import { decodeColumns } from '#core/columnar'
import { asBullpenError, BullpenError } from '#core/errors'
import type { ModelManifest, ObjectStore } from '#core/registry'

/** What a model has seen of history; open times in ms. */
export interface Sight {
  /** The first candle that it was not fitted on, nor its labels: its held-out tail begins here. */
  readonly unseenFrom: number
  /** The last candle known when it was promoted: the tail up to here judged it, though it did not teach it. */
  readonly judgedUntil: number
}

/**
 * Where the model's own candles end and the unseen begin. Rows of a manifest are rows of its candles, which may have
 * gaps, so they are looked up. Where the candles are no longer kept, all of them count as seen, and `note` is told.
 */
export async function sightOf(
  { data, splits }: ModelManifest,
  objects: Pick<ObjectStore, 'get'>,
  note: (text: string) => void,
): Promise<Sight> {
  const judgedUntil = data.lastOpenTime
  const heldOut = firstRow(splits['heldOutRows'])
  try {
    const series = seriesFromColumns(decodeColumns(await objects.get(data.sha256)))
    const unseenFrom = heldOut === undefined ? undefined : series.openTime[heldOut]
    return { unseenFrom: unseenFrom ?? judgedUntil + data.widthMs, judgedUntil }
  } catch (thrown) {
    const error = asBullpenError(thrown)
    if (!(error instanceof BullpenError) || error.code !== 'OBJECT_NOT_FOUND') throw error
    note('the candles this model was trained on are no longer kept: all up to its last one count as seen')
    return { unseenFrom: judgedUntil + data.widthMs, judgedUntil }
  }
}

function firstRow(ranges: unknown): number | undefined {
  const [first] = Array.isArray(ranges) ? (ranges as readonly { readonly start?: unknown }[]) : []
  return typeof first?.start === 'number' ? first.start : undefined
}
