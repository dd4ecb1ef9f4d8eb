import type { LeasedTask } from '#core/protocol'

/** A task this many times slower than the mean of its kind is a straggler; fits vary twofold with their parameters. */
const timesTheMean = 4

/** Leased tasks that take unusually long. Kinds of which none has finished have no mean, and no stragglers. */
export function stragglersOf(leased: readonly LeasedTask[], now: number): LeasedTask[] {
  return leased.filter(({ leasedAt, meanMs }) => meanMs !== null && now - leasedAt > timesTheMean * meanMs)
}
