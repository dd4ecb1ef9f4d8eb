import type { AliasMove } from '#core/registry'

/** A version an alias points at, or pointed at. */
export interface AliasCandidate {
  readonly version: number
  /** The newest move to it, counted from 1. */
  readonly move: number
}

/**
 * The versions of a history, each once, that of the newest move first. Whoever serves the first of them that can be
 * served does what one does who saw every move and refused the bad ones: replicas that start at different times agree.
 */
export function aliasCandidates(moves: readonly AliasMove[]): AliasCandidate[] {
  const newest = new Map<number, number>()
  for (const [i, { version }] of moves.entries()) if (version !== null) newest.set(version, i + 1)
  return [...newest].map(([version, move]) => ({ version, move })).sort((a, b) => b.move - a.move)
}
