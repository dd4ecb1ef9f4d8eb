import { setTimeout as sleep } from 'node:timers/promises'
import type { Notice, NoticeSource } from './notice-source.ts'

export interface NoticeWatch {
  /** Pause between two checks of a source, ms. */
  readonly everyMs: number
  /** Ends the watching. */
  readonly signal: AbortSignal
  /** Told when a source cannot be asked, once until it can be again. */
  readonly onTrouble: (text: string) => void
}

/** The first notice of any source; never resolves when the signal aborts first, or when there are no sources. */
export function watchNotices(sources: readonly NoticeSource[], watch: NoticeWatch): Promise<Notice> {
  return new Promise((resolve) => {
    for (const source of sources) void poll(source, watch, resolve)
  })
}

async function poll(source: NoticeSource, watch: NoticeWatch, found: (notice: Notice) => void): Promise<void> {
  const { everyMs, signal, onTrouble } = watch
  let isTroubled = false
  while (!signal.aborted) {
    try {
      const notice = await source.check(signal)
      if (notice && !signal.aborted) {
        found(notice)
        return
      }
      isTroubled = false
    } catch (error) {
      if (!isTroubled && !signal.aborted) {
        onTrouble(
          `notices cannot be asked of ${source.describe}: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
      isTroubled = true
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
