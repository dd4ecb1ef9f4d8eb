import type { ChangeFeed } from '#core/registry'
import { ExchangeBars } from '#platform/market-data'
import type { Champions } from '../ports.ts'
import { ExchangePoller } from '../series/exchange-poller.ts'
import type { FeatureBook } from '../series/feature-book.ts'
import { StoreFollower } from '../series/store-follower.ts'

export interface CandleInflowOptions {
  readonly book: FeatureBook
  readonly champions: Pick<Champions, 'onSwap'>
  readonly feed: ChangeFeed
  /** Exchange that is asked for new candles, as ccxt names it. */
  readonly exchange?: string | undefined
  readonly onNote: (text: string, error?: unknown) => void
}

/** Begins to take candles that others store and, where one is named, those of an exchange. Answers how to end it. */
export async function openCandleInflow(options: CandleInflowOptions): Promise<() => Promise<void>> {
  const { book, champions, feed, exchange, onNote } = options
  const follower = new StoreFollower({ book, feed, onNote })
  await follower.start()
  const poller =
    exchange === undefined ? undefined : new ExchangePoller({ book, bars: new ExchangeBars(exchange), onNote })
  const followAll = (): void => {
    for (const key of book.keys()) poller?.follow(key)
  }
  followAll()
  // A model swapped in may bring a series that was not served before.
  champions.onSwap(followAll)
  return async () => {
    await Promise.all([follower.stop(), poller?.stop()])
  }
}
