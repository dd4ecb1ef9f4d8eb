import { exitNames, type ExitName, type Labels } from './labeler.ts'
import { overlapOf } from './uniqueness.ts'

/** What complete labels are like, for people. */
export interface LabelStatistics {
  /** Complete labels. */
  readonly rows: number
  readonly counts: { readonly sell: number; readonly hold: number; readonly buy: number }
  /** Mean of reach[t] - t: bars until a label is settled. */
  readonly meanBars: number
  /** Mean of {@link Overlap.uniqueness}, in (0, 1]. */
  readonly averageUniqueness: number
  /** Labels that look at a bar, on average over bars looked at. */
  readonly meanConcurrency: number
  /**
   * Sum of the uniqueness of all labels: about how many labels without overlap tell as much (Lopez de Prado 2018,
   * "Advances in Financial Machine Learning", 4.4).
   */
  readonly effectiveRows: number
  /** Shares of the trades that ended in each way; null for labels that follow no trade. */
  readonly exits: { readonly long: ExitShares; readonly short: ExitShares } | null
}

/** Shares in [0, 1] of complete labels' trades. */
export type ExitShares = Readonly<Record<Exclude<ExitName, 'open'>, number>>

/** Throws nothing; without complete labels every mean is 0. */
export function labelStatistics(labels: Labels): LabelStatistics {
  const { target, reach, complete, exits } = labels
  const { uniqueness, concurrency } = overlapOf(labels)
  const rows = indexesOf(complete)
  const mean = (sum: number, count: number) => (count === 0 ? 0 : sum / count)
  const counted = (value: number) => rows.filter((t) => target[t] === value).length
  const effectiveRows = rows.reduce((sum, t) => sum + uniqueness[t]!, 0)
  const looked = concurrency.filter((labelsOpen) => labelsOpen > 0)
  return {
    rows: rows.length,
    counts: { sell: counted(-1), hold: counted(0), buy: counted(1) },
    meanBars: mean(
      rows.reduce((sum, t) => sum + reach[t]! - t, 0),
      rows.length,
    ),
    averageUniqueness: mean(effectiveRows, rows.length),
    meanConcurrency: mean(
      looked.reduce((sum, open) => sum + open, 0),
      looked.length,
    ),
    effectiveRows,
    exits: exits ? { long: sharesOf(exits.long, rows), short: sharesOf(exits.short, rows) } : null,
  }
}

function indexesOf(flags: Uint8Array): number[] {
  return Array.from(flags.keys()).filter((t) => flags[t] === 1)
}

function sharesOf(exits: Uint8Array, rows: readonly number[]): ExitShares {
  const share = (name: ExitName) =>
    rows.length === 0 ? 0 : rows.filter((t) => exitNames[exits[t]!] === name).length / rows.length
  return {
    'take-profit': share('take-profit'),
    'stop-loss': share('stop-loss'),
    'time-limit': share('time-limit'),
  }
}
