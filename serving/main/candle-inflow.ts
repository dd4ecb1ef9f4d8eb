import type { ChangeFeed } from '#core/registry'
import { ExchangePoller, type ClosedBars } from '../series/exchange-poller.ts'
import type { FeatureBook } from '../series/feature-book.ts'
import { StoreFollower } from '../series/store-follower.ts'

export interface CandleInflowOptions {
  readonly book: FeatureBook
  readonly feed: ChangeFeed
  /** Bars of an exchange that is asked for new ones. */
  readonly bars?: ClosedBars | undefined
  readonly onNote: (text: string, error?: unknown) => void
}

/** Begins to take candles that others store and, where there is one, those of an exchange. Answers how to end it. */
export async function openCandleInflow({
  book,
  feed,
  bars,
  onNote,
}: CandleInflowOptions): Promise<() => Promise<void>> {
  const follower = new StoreFollower({ book, feed, onNote })
  await follower.start()
  const poller = bars && new ExchangePoller({ book, bars, onNote })
  for (const key of book.keys()) poller?.follow(key)
  // A model swapped in may bring a series, and one whose candles could not be read comes later.
  book.onServed((key) => poller?.follow(key))
  return async () => {
    await Promise.all([follower.stop(), poller?.stop()])
  }
}
