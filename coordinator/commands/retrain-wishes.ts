import { formatTimeframe } from '#core/candles'
import { asBullpenError } from '#core/errors'
import type { ModelManifest } from '#core/registry'
import type { SeriesOptions } from './series-options.ts'
import type { Session } from './session.ts'

/** The sources among `sources` whose series watching wants retrained; candles are read only when any is. */
export async function wantedSources(
  sources: readonly string[],
  options: SeriesOptions,
  session: Session,
): Promise<readonly string[]> {
  const wishes = await (await session.workshop.driftActions()).retrainWanted()
  const wanted: string[] = []
  for (const source of wishes.length === 0 ? [] : sources) {
    const { symbol, widthMs } = await session.loadSeries(source, options)
    const wish = wishes.find((each) => each.symbol === symbol && each.widthMs === widthMs)
    if (!wish) continue
    session.note(`${symbol} ${formatTimeframe(widthMs)} is to be retrained: version ${wish.version}, ${wish.reason}`)
    wanted.push(source)
  }
  return wanted
}

/**
 * Notes that a run begun at `startedAt` (ms) has answered the wishes of its series until then. The run is done whether
 * or not this can be written: what is not written is asked for once more.
 */
export async function settleWishes(data: ModelManifest['data'], startedAt: number, session: Session): Promise<void> {
  try {
    const settled = await (await session.workshop.driftActions()).settleRetrain(data, startedAt)
    if (settled > 0) session.note('the retraining that drift asked for is done')
  } catch (error) {
    session.note(`drift will ask for this retraining again: ${asBullpenError(error).message}`)
  }
}
