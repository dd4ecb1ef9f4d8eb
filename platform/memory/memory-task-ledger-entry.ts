import type { Route, TaskHistory, TaskOutcome } from '#core/protocol'

/** A task in memory. It is kept as JSON text, so nobody outside can change it. */
export interface Entry extends TaskHistory {
  readonly text: string
  /** Canonical JSON of the payload, to compare. */
  readonly payload: string
  readonly route: Route
  readonly kind: string
  readonly priority: number
  /** Order of arrival. */
  readonly sequence: number
  readonly lostWorkers: string[]
  state: 'waiting' | 'leased' | 'finished'
  attempt: number
  worker: string
  cancelled: 'abort' | 'finish' | null
  /** Of the current lease, or of the report that ended the last one. */
  token: string | null
  leasedAt: number
  leaseUntil: number
  toldAt: number
  endedAt: number
  outcome: TaskOutcome | null
}

export function byArrival(a: Entry, b: Entry): number {
  return a.sequence - b.sequence
}

export function byPriority(a: Entry, b: Entry): number {
  return b.priority - a.priority || byArrival(a, b)
}

/** Mean duration of successful tasks by kind, ms. */
export function meanByKind(entries: Iterable<Entry>): ReadonlyMap<string, number> {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const { kind, outcome } of entries) {
    if (!outcome?.ok) continue
    const { sum, count } = sums.get(kind) ?? { sum: 0, count: 0 }
    sums.set(kind, { sum: sum + outcome.finishedAt - outcome.startedAt, count: count + 1 })
  }
  return new Map([...sums].map(([kind, { sum, count }]) => [kind, sum / count]))
}
