import { formatTimeframe } from '#core/candles'
import { sha256 } from '#core/hashing'
import type { GivenVerdict } from '../ports.ts'
import { freshnessOf } from '../verdicts/staleness-watch.ts'
import { isoTime } from './iso-time.ts'

/** A verdict as JSON, all but what changes with the time and the request. */
interface Prepared {
  /** The document up to the value of `dataAgeMs`. */
  readonly head: string
  /** From after `stale` to the value of `requestId`. */
  readonly tail: string
  /** Weak entity tags, fresh and stale. */
  readonly tags: readonly [string, string]
}

// A verdict stays the same object until something it depends on changes, so its text is made once.
const prepared = new WeakMap<GivenVerdict, Prepared>()

/** What is answered for a verdict at one moment. */
export interface VerdictText {
  readonly body: string
  readonly tag: string
  /** Seconds until the next candle closes; 0 when that is overdue. */
  readonly maxAge: number
}

/** The answer to GET /v1/verdict. `now` in ms. */
export function verdictText(given: GivenVerdict, requestId: string, now: number): VerdictText {
  let parts = prepared.get(given)
  if (parts === undefined) prepared.set(given, (parts = prepare(given)))
  const { openTime, widthMs } = given
  const { dataAgeMs, stale } = freshnessOf(openTime, widthMs, now)
  return {
    // A request id needs no escaping: see requestIds.
    body: `${parts.head}${dataAgeMs},"stale":${stale}${parts.tail}${requestId}"}`,
    tag: parts.tags[stale ? 1 : 0],
    maxAge: Math.max(0, Math.floor((openTime + 2 * widthMs - now) / 1000)),
  }
}

/** The members of a verdict that do not change while it is the newest. */
export function verdictFields({
  symbol,
  widthMs,
  verdict,
  probabilities,
  openTime,
  close,
  version,
  sha256,
  demoted,
}: GivenVerdict) {
  return {
    symbol,
    timeframe: formatTimeframe(widthMs),
    verdict,
    probabilities,
    candle: { openTime: isoTime(openTime), closeTime: isoTime(openTime + widthMs), close },
    model: { version, sha256 },
    ...(demoted && { demoted: { reason: demoted.reason, since: isoTime(demoted.since) } }),
  }
}

/** A verdict as a value, for answers that hold more than it. */
export function verdictDocument(given: GivenVerdict, requestId: string, now: number) {
  const { openTime, widthMs, at } = given
  return {
    ...verdictFields(given),
    ...freshnessOf(openTime, widthMs, now),
    computedAt: isoTime(at),
    requestId,
  }
}

function prepare(given: GivenVerdict): Prepared {
  const fields = JSON.stringify(verdictFields(given))
  // Replicas that answer alike tag alike: when it was computed does not count.
  const hash = sha256(fields).slice(0, 16)
  return {
    head: `${fields.slice(0, -1)},"dataAgeMs":`,
    tail: `,"computedAt":"${isoTime(given.at)}","requestId":"`,
    tags: [`W/"${hash}"`, `W/"${hash}-stale"`],
  }
}
