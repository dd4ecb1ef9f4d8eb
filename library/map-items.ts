import { BullpenError } from '#core/errors'
import type { TaskQueue } from '#core/protocol'
import type { MapResult, MapSettings } from './map-options.ts'
import { MapRun, type Items } from './map-run.ts'

/**
 * Results of a task over items. Nothing starts before the first result is asked for; leaving the loop, in whatever way,
 * drops what is still under way. While it lasts, the run is among `runs`.
 */
export async function* mapItems<O>(
  queue: TaskQueue,
  items: Items<unknown>,
  settings: MapSettings,
  runs: Set<MapRun<unknown>>,
): AsyncGenerator<MapResult<O>, void, undefined> {
  const run = new MapRun<O>(queue, items, settings)
  runs.add(run)
  try {
    for (;;) {
      const result = await run.next()
      if (!result) return
      if (!result.ok && settings.onError === 'throw') throw failed(result.index, settings.module, result.error)
      yield result
    }
  } finally {
    await run.stop()
    runs.delete(run)
  }
}

function failed(index: number, module: string, error: BullpenError): BullpenError {
  return new BullpenError('ITEM_FAILED', { index, module, reason: error.message }, { cause: error })
}
