import { BullpenError } from '#core/errors'
import type { AliasMove } from './model-registry.ts'

/**
 * Where a rollback of an alias goes; null when there is nothing earlier.
 *
 * The history is read as a stack. A move pushes its version, unless it already is on top; a rollback pops. So after
 * moves to 1, 2, 3 two rollbacks give 2, then 1, and a third has nowhere to go. After moves to 1, 2, 3, a rollback to
 * 2 and a move to 4, a rollback gives 2: version 3 was undone and is not visited again.
 */
export function rollbackTarget(moves: readonly AliasMove[]): number | null {
  const stack: (number | null)[] = []
  for (const move of moves) {
    if (move.kind === 'rollback') popToEarlier(stack)
    else if (stack.at(-1) !== move.version) stack.push(move.version)
  }
  return popToEarlier(stack)
}

/** Drops the top and any "taken away" below it; the version that is then on top, null when none is left. */
function popToEarlier(stack: (number | null)[]): number | null {
  stack.pop()
  while (stack.length > 0 && stack.at(-1) === null) stack.pop()
  return stack.at(-1) ?? null
}

/**
 * What a conditional rollback needs of a history that is not empty.
 *
 * @throws ALIAS_MOVED unless the last of the moves went to version `from`; any is right when `from` is left out
 */
export function checkPointsAt(moves: readonly AliasMove[], from: number | undefined): void {
  const { alias, version } = moves.at(-1)!
  if (from !== undefined && version !== from) throw new BullpenError('ALIAS_MOVED', { alias, version, from })
}

/** @throws ALIAS_INVALID unless it is lower-case letters, digits and dashes, at most 63, starting with a letter. */
export function checkAliasName(alias: string): void {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(alias)) throw new BullpenError('ALIAS_INVALID', { alias })
}
