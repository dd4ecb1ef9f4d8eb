import { count } from '../counted.ts'
import type { ModelManifest, ScoreCard } from '#core/registry'

/** `2021-07-07 20:00 UTC`. */
export function utcMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Kept: making a formatter costs a hundred times more than using it, and a chart labels every bar. */
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const dayOfMonthFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** `7 Jul 2021`. */
export function utcDay(ms: number): string {
  return dayFormat.format(ms)
}

/** `7 Jul`. */
export function utcDayOfMonth(ms: number): string {
  return dayOfMonthFormat.format(ms)
}

/** `37 %`; a share in [0, 1]. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}

/** A price to the nearest whole from 1,000 up, else to four significant digits. */
export function price(value: number): string {
  return value >= 1000 ? count(Math.round(value)) : String(Number(value.toPrecision(4)))
}

/** Scores to four decimals. */
export function four(value: number): string {
  return value.toFixed(4)
}

/** `+0.0123` or `−0.0123`, with a true minus sign. */
export function signed(value: number): string {
  const text = four(Math.abs(value))
  return Number(text) === 0 ? four(0) : `${value > 0 ? '+' : '−'}${text}`
}

/** A bar's width: `4 h`, `15 min`, `1 d`. */
export function barWidth(ms: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const
  const fitting = units.find(([size]) => ms % size === 0)
  return fitting === undefined ? `${count(ms / 1000)} s` : `${ms / fitting[0]} ${fitting[1]}`
}

/**
 * What a score card proves, in words that do not flatter. A lift of zero or less means the model ranks no better than
 * the single number C/P-1, which knows nothing of the future (features.md section 7.6). A lift within one standard
 * error of an AUC is called what it may be, chance; the error is the bound sqrt(A (1 - A) / min(positives, negatives))
 * (Birnbaum & Klose 1957) with a third of the bars in the class, as if bars were independent.
 */
export function liftInWords(card: ScoreCard, kind: 'held-out' | 'out-of-sample' = 'held-out'): string {
  const numbers = `AUC ${four(card.rocAucOvrWeighted)} against ${four(card.naiveRocAucOvrWeighted)}, a lift of ${signed(card.lift)}`
  const bars = `On ${count(card.rows)} ${kind} bars`
  if (!(card.lift > 0)) return `${bars} the model ranks no better than a number that knows nothing: ${numbers}.`
  const naive = card.naiveRocAucOvrWeighted
  const error = Math.sqrt((naive * (1 - naive)) / (card.rows / 3))
  const doubt =
    card.lift < error
      ? ` So small a lift on so few bars may be chance: one standard error is up to ${error.toFixed(3)}.`
      : ''
  return `${bars} the model ranks better than the naive number: ${numbers}.${doubt}`
}

/** Why the AUC alone means little here, for whoever reads it first. */
export function skillCaveatOf({ name, parameters }: ModelManifest['label']): string {
  const overlap =
    'Neighbouring labels overlap, so these bars hold far fewer independent observations than their count says'
  if (name !== 'triple-barrier' && name !== 'horizon-return') {
    return `An AUC near 0.78 needs no skill on this label: the single number C/P−1, how far the close stands from its own seven-bar smooth, reaches it without looking ahead. Only the lift counts. ${overlap}, and nothing here includes fees.`
  }
  const weighed =
    parameters['weights'] === 1
      ? '; scores here count each bar by the uniqueness of its label, the curves count bars alike'
      : ''
  return `The label is net of fees and slippage, but an AUC only ranks: it says nothing of what a trade earns. Only the lift over the number C/P−1 counts. ${overlap}${weighed}.`
}
