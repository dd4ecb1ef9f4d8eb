/** When something is to run again and again. Times are ms since the epoch. */
export interface Schedule {
  /** Matches /^[a-z][a-z0-9-]{0,30}$/. */
  readonly name: string
  /** In UTC; see `readCron`. */
  readonly cron: string
  /** Due times after this count; earlier ones were nobody's business. */
  readonly since: number
}

/** What became of one due time. `missed`: nothing ran for it. */
export type ScheduledRunState = 'claimed' | 'done' | 'failed' | 'missed'

/** The run of one due time of a schedule, at most one. */
export interface ScheduledRun {
  readonly schedule: string
  readonly due: number
  readonly state: ScheduledRunState
  /** Who claimed it last, for people; '' when nobody did. */
  readonly claimedBy: string
  /** Times it was claimed. */
  readonly attempts: number
  readonly claimedAt: number | null
  /** Whether who claimed it is heard of, by the store's clock; false once it has ended. */
  readonly isAlive: boolean
  /** Runs made for it, by source of candles. */
  readonly runs: Readonly<Record<string, string>>
  readonly endedAt: number | null
  /** Why it failed or was missed. */
  readonly reason: string | null
}

/** The right to run what is due, until it lapses. */
export interface ScheduleClaim {
  readonly schedule: string
  readonly due: number
  readonly token: string
  /** 1, or more when earlier ones died on it. */
  readonly attempt: number
  /** Runs that earlier ones began, to go on with. */
  readonly runs: Readonly<Record<string, string>>
}

/** Why a claim is refused: it has ended, somebody is at it, or at an other due time of the schedule. */
export interface ClaimRefusal {
  readonly refused: 'ended' | 'running' | 'overlap'
  /** The run in the way. */
  readonly by: ScheduledRun
}

/** After so many claims that died, a due time is given up as failed. */
export const mostClaims = 3

/**
 * What is due and what was done about it, for schedulers on any number of machines. A due time is run once: whoever
 * claims it first, by compare-and-set; a claim that is not renewed lapses, and who claims it then goes on with the runs
 * that were begun. Claims lapse by the store's own clock. Throws DATABASE_UNAVAILABLE.
 */
export interface ScheduleStore {
  /** Makes a schedule known from `now` on; with another cron it begins anew, otherwise nothing changes. */
  declare(name: string, cron: string, now: number): Promise<Schedule>
  /** By name. */
  schedules(): Promise<readonly Schedule[]>
  /**
   * Takes a due time, unless it has ended or a claim of the schedule is alive. Earlier ones of the schedule whose claims
   * have lapsed are missed from then on. A due time whose third claim lapsed has failed and is refused as ended.
   */
  claim(
    schedule: string,
    due: number,
    by: { readonly name: string; readonly ttlMs: number; readonly now: number },
  ): Promise<ScheduleClaim | ClaimRefusal>
  /** Prolongs a claim by `ttlMs` from now; false when it was lost. */
  renew(claim: ScheduleClaim, ttlMs: number): Promise<boolean>
  /** A run is about to begin for a source. False when the claim was lost. */
  begin(claim: ScheduleClaim, source: string, runId: string): Promise<boolean>
  /** False when the claim was lost: another's word holds. */
  end(claim: ScheduleClaim, state: 'done' | 'failed', reason: string | null, now: number): Promise<boolean>
  /** Gives it back unfinished, so that whoever looks next goes on; false when it was lost. */
  release(claim: ScheduleClaim): Promise<boolean>
  /** Due times for which nothing will run. Answers those that nobody had touched. */
  miss(schedule: string, dues: readonly number[], reason: string, now: number): Promise<readonly number[]>
  /** Newest due time first. */
  runs(schedule: string, limit: number): Promise<readonly ScheduledRun[]>
}
