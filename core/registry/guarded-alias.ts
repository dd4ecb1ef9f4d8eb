import { BullpenError } from '#core/errors'
import { championAlias, type AliasMove } from './model-registry.ts'
import type { Override, RecordedDecision } from './promotion-decision.ts'

/** Whether an alias answers people and moves only with a decision: `champion`, and names that begin with `champion-`. */
export function isGuarded(alias: string): boolean {
  return alias === championAlias || alias.startsWith(`${championAlias}-`)
}

/** The version that answers under an alias: where its newest move but for those that took it away went. */
export function incumbentOf(moves: readonly Pick<AliasMove, 'version'>[]): number | null {
  return moves.findLast(({ version }) => version !== null)?.version ?? null
}

/**
 * The decision that lets a guarded alias move from `incumbent` to `version`: the newest that passed, names these two,
 * and has not moved the alias before. `decisions` are those of the alias, oldest first.
 *
 * @throws PROMOTION_REFUSED when there is none; `reason` is that of the newest decision about the version, or
 * `no-decision`, `decision-used`, `champion-changed`.
 */
export function permittingDecision(
  wish: { readonly alias: string; readonly version: number; readonly incumbent: number | null },
  decisions: readonly RecordedDecision[],
  used: ReadonlySet<number>,
): RecordedDecision {
  const about = decisions.filter(({ challenger }) => challenger === wish.version)
  const permits = (decision: RecordedDecision): boolean =>
    decision.promoted && decision.champion === wish.incumbent && !used.has(decision.id)
  const found = about.findLast(permits)
  if (found !== undefined) return found
  throw promotionRefused(wish, about.at(-1), used)
}

function promotionRefused(
  { alias, version, incumbent }: Parameters<typeof permittingDecision>[0],
  newest: RecordedDecision | undefined,
  used: ReadonlySet<number>,
): BullpenError {
  const refused = (reason: string, why: string): BullpenError =>
    new BullpenError('PROMOTION_REFUSED', { alias, version, champion: incumbent, reason, why })
  if (newest === undefined) return refused('no-decision', 'no gate has judged it')
  if (!newest.promoted) return refused(newest.reason, newest.text)
  if (used.has(newest.id)) return refused('decision-used', 'the decision that let it pass has moved the alias before')
  const judged = newest.champion === null ? 'no version' : `version ${newest.champion}`
  return refused('champion-changed', `it was judged against ${judged}, not against the champion of now`)
}

/** @throws USAGE unless both the reason and who gives it are written. */
export function checkOverride({ reason, by }: Override): void {
  if (reason.trim() === '') throw new BullpenError('USAGE', { reason: 'an override needs a written reason' })
  if (by.trim() === '') throw new BullpenError('USAGE', { reason: 'an override needs the name of who gives it' })
}
