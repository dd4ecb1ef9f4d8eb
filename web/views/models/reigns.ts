import type { AliasMove } from '#client'

/** A stretch of time in which one version was champion, or none. Times in ms. */
export interface Reign {
  readonly version: number | null
  readonly from: number
  /** The time given for "now" while it lasts. */
  readonly to: number
  readonly lasts: boolean
  readonly kind: AliasMove['kind']
  readonly reason: string
}

/** Who was champion when, oldest first. A move to the version that is champion already prolongs its reign. */
export function reignsOf(history: readonly AliasMove[], now: number): Reign[] {
  const changes = history.filter((move, i) => i === 0 || move.version !== history[i - 1]!.version)
  return changes.map((move, i) => {
    const next = changes[i + 1]
    return {
      version: move.version,
      from: Date.parse(move.at),
      to: next === undefined ? now : Date.parse(next.at),
      lasts: next === undefined,
      kind: move.kind,
      reason: move.reason,
    }
  })
}
