import { forwardReturns, makeSeries, type Candle, type ForwardReturns } from '#core/candles'
import type { DriftReference, WatchedWindow } from '#core/drift'
import type { GivenVerdict, PredictionLog, SeriesBook, SeriesKey, ServedModel } from '../ports.ts'

/** Verdicts asked for at a time. */
const pageRows = 500

/**
 * The newest window of a series as drift is judged from it: features of the newest rows, and the logged verdicts of the
 * model with what the market did after them. Undefined while there is no candle.
 */
export async function watchedWindow(
  key: SeriesKey,
  served: ServedModel,
  { window, outcome }: DriftReference,
  { book, log }: { readonly book: SeriesBook; readonly log: Pick<PredictionLog, 'page'> },
): Promise<WatchedWindow | undefined> {
  // Taken before anything is waited for: the book moves on meanwhile.
  const candles = book.candles(key, window + outcome.bars)
  const speaksOf = candles.length > 0 && book.view(key).set.hash === served.model.set.hash
  const rows = speaksOf ? book.recentFeatures(key, window) : []
  if (candles.length === 0) return undefined
  const given = await verdictsOf(key, served.version, candles[0]!.openTime, log)
  const { columns } = served.model.set
  return {
    features: (column) => Float64Array.from(rows, (row) => row[columns.indexOf(column)]!),
    featureRows: rows.length,
    answers: answersOf(key, candles, given, outcome),
    policy: served.model.contract.policy,
  }
}

/** The last verdict logged for each candle since `from`: one revised later was given anew. */
async function verdictsOf(
  { symbol, widthMs }: SeriesKey,
  version: number,
  from: number,
  log: Pick<PredictionLog, 'page'>,
): Promise<ReadonlyMap<number, GivenVerdict>> {
  const newest = new Map<number, GivenVerdict>()
  let before: number | undefined
  for (;;) {
    const page = await log.page({ symbol, widthMs, from, limit: pageRows, ...(before === undefined ? {} : { before }) })
    for (const given of page) {
      if (given.version === version && !newest.has(given.openTime)) newest.set(given.openTime, given)
    }
    if (page.length < pageRows) return newest
    before = page.at(-1)!.id
  }
}

function answersOf(
  key: SeriesKey,
  candles: readonly Candle[],
  given: ReadonlyMap<number, GivenVerdict>,
  { bars, feeBps }: DriftReference['outcome'],
): WatchedWindow['answers'] {
  const series = makeSeries({ ...key, source: 'the served candles', candles }, { gaps: 'split' })
  const rows = candles.flatMap(({ openTime }, row) => (given.has(openTime) ? [row] : []))
  const at = ({ long, short }: ForwardReturns): ForwardReturns => ({
    long: Float64Array.from(rows, (row) => long[row]!),
    short: Float64Array.from(rows, (row) => short[row]!),
  })
  const probabilities = rows.flatMap((row) => {
    const { sell, hold, buy } = given.get(candles[row]!.openTime)!.probabilities
    return [sell, hold, buy]
  })
  return { probabilities, gross: at(forwardReturns(series, bars, 0)), net: at(forwardReturns(series, bars, feeBps)) }
}
