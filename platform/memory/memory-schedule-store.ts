import { randomUUID } from 'node:crypto'
import {
  mostClaims,
  type ClaimRefusal,
  type Schedule,
  type ScheduleClaim,
  type ScheduledRun,
  type ScheduleStore,
} from '#core/schedule'

type Row = Omit<ScheduledRun, 'isAlive'> & { readonly token: string; readonly until: number }

/** Schedules that live as long as the object. `clock` answers ms since the epoch. */
export class MemoryScheduleStore implements ScheduleStore {
  readonly #clock: () => number
  readonly #schedules = new Map<string, Schedule>()
  readonly #rows = new Map<string, Row>()

  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  declare(name: string, cron: string, now: number): Promise<Schedule> {
    const known = this.#schedules.get(name)
    const schedule = known?.cron === cron ? known : { name, cron, since: now }
    this.#schedules.set(name, schedule)
    return Promise.resolve(schedule)
  }

  schedules(): Promise<readonly Schedule[]> {
    return Promise.resolve([...this.#schedules.values()].sort((a, b) => (a.name < b.name ? -1 : 1)))
  }

  claim(
    schedule: string,
    due: number,
    { name, ttlMs, now }: { readonly name: string; readonly ttlMs: number; readonly now: number },
  ): Promise<ScheduleClaim | ClaimRefusal> {
    this.#giveUp(schedule, due, now)
    const all = this.#of(schedule)
    const own = this.#rows.get(keyOf(schedule, due))
    if (own && own.state !== 'claimed') return Promise.resolve({ refused: 'ended', by: this.#shown(own) })
    const alive = [...(own ? [own] : []), ...all].find((row) => this.#isAlive(row))
    if (alive) {
      return Promise.resolve({ refused: alive.due === due ? 'running' : 'overlap', by: this.#shown(alive) })
    }
    const [token, attempts] = [randomUUID(), (own?.attempts ?? 0) + 1]
    const runs = own?.runs ?? {}
    const claimed = {
      state: 'claimed',
      claimedBy: name,
      attempts,
      claimedAt: now,
      endedAt: null,
      reason: null,
    } as const
    this.#put({ schedule, due, runs, token, until: this.#clock() + ttlMs, ...claimed })
    return Promise.resolve({ schedule, due, token, attempt: attempts, runs })
  }

  renew(claim: ScheduleClaim, ttlMs: number): Promise<boolean> {
    return this.#change(claim, () => ({ until: this.#clock() + ttlMs }))
  }

  begin(claim: ScheduleClaim, source: string, runId: string): Promise<boolean> {
    return this.#change(claim, ({ runs }) => ({ runs: { ...runs, [source]: runId } }))
  }

  end(claim: ScheduleClaim, state: 'done' | 'failed', reason: string | null, now: number): Promise<boolean> {
    return this.#change(claim, () => ({ state, reason, endedAt: now }))
  }

  release(claim: ScheduleClaim): Promise<boolean> {
    return this.#change(claim, ({ attempts }) => ({ until: this.#clock(), attempts: attempts - 1 }))
  }

  miss(schedule: string, dues: readonly number[], reason: string, now: number): Promise<readonly number[]> {
    const untouched = dues.filter((due) => !this.#rows.has(keyOf(schedule, due)))
    const missed = {
      state: 'missed',
      claimedBy: '',
      attempts: 0,
      claimedAt: null,
      runs: {},
      endedAt: now,
      reason,
    } as const
    for (const due of untouched) this.#put({ schedule, due, token: '', until: 0, ...missed })
    return Promise.resolve(untouched)
  }

  runs(schedule: string, limit: number): Promise<readonly ScheduledRun[]> {
    return Promise.resolve(
      this.#of(schedule)
        .sort((a, b) => b.due - a.due)
        .slice(0, limit)
        .map((row) => this.#shown(row)),
    )
  }

  #giveUp(schedule: string, due: number, now: number): void {
    for (const row of this.#of(schedule)) {
      if (row.state !== 'claimed' || this.#isAlive(row)) continue
      if (row.due < due) {
        this.#put({ ...row, state: 'missed', endedAt: now, reason: 'whoever ran it died, and the next one was due' })
      } else if (row.due === due && row.attempts >= mostClaims) {
        this.#put({ ...row, state: 'failed', endedAt: now, reason: `whoever ran it died, ${row.attempts} times` })
      }
    }
  }

  #change(claim: ScheduleClaim, change: (row: Row) => Partial<Row>): Promise<boolean> {
    const row = this.#rows.get(keyOf(claim.schedule, claim.due))
    if (row?.state !== 'claimed' || row.token !== claim.token) return Promise.resolve(false)
    this.#put({ ...row, ...change(row) })
    return Promise.resolve(true)
  }

  #of(schedule: string): Row[] {
    return [...this.#rows.values()].filter((row) => row.schedule === schedule)
  }

  #put(row: Row): void {
    this.#rows.set(keyOf(row.schedule, row.due), row)
  }

  #isAlive({ state, until }: Row): boolean {
    return state === 'claimed' && until > this.#clock()
  }

  #shown(row: Row): ScheduledRun {
    const { schedule, due, state, claimedBy, attempts, claimedAt, runs, endedAt, reason } = row
    const isAlive = this.#isAlive(row)
    return { schedule, due, state, claimedBy, attempts, claimedAt, isAlive, runs, endedAt, reason }
  }
}

function keyOf(schedule: string, due: number): string {
  return `${due} ${schedule}`
}
