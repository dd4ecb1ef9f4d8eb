import { asBullpenError, BullpenError } from '#core/errors'
import {
  lastDue,
  lateAfterMs,
  missedEvent,
  readCron,
  runsLookedAt,
  standingOf,
  type ClaimRefusal,
  type ScheduleClaim,
  type ScheduledRunState,
  type ScheduleStore,
} from '#core/schedule'
import type { WebhookEvent } from '#core/webhooks'
import { Backoff, pause } from '#platform/attempts'

/** A claim that is not renewed for so long lapses, ms: how soon another goes on with what a dead one began. */
export const claimTtlMs = 60_000

export interface DueRequest {
  readonly store: ScheduleStore
  /** Name of the schedule and its cron, declared here if need be. */
  readonly name: string
  readonly cron: string
  /** The due time to run, by who looks again if it is refused; null: the newest one, by who asks once and no more. */
  readonly due: number | null
  /** Who asks, for people. */
  readonly by: string
  readonly now: () => number
  readonly tell: (event: WebhookEvent) => Promise<void>
  readonly note: (text: string) => void
  readonly signal: AbortSignal
  /** ms; {@link claimTtlMs} unless told. */
  readonly ttlMs?: number
}

/** The work of a due time. `signal` aborts it when the claim is lost as well. */
export interface DueWork {
  readonly claim: ScheduleClaim
  readonly signal: AbortSignal
  /** Writes a run down before it begins. Throws SCHEDULE_CLAIM_LOST. */
  readonly begin: (source: string, runId: string) => Promise<void>
}

/** What came of asking: it ran here, or another has seen to it (`state`: what became of it; null: it is nobody's). */
export type DueOutcome =
  | { readonly ran: true; readonly due: number }
  | { readonly ran: false; readonly due: number; readonly why: string; readonly state: ScheduledRunState | null }

/** Times that a claim is looked at within its length. */
const looks = 20

/**
 * The one way in which anything scheduled runs, whoever asks (the scheduler, a CronJob, a systemd timer): claims the due
 * time in the database, so that it runs once, and goes on with the runs of a claimer that died. `work` answers whether
 * all of it went well. Due times before it that nobody ran are written down as missed.
 *
 *     ask --refused: ended, running elsewhere--> nothing to do (who asks once first waits until that claim would lapse)
 *      |  +--another due time is running--> SCHEDULE_OVERLAP
 *      +--claimed--> work --well--> done      --failed--> failed      --interrupted--> given back
 *                     +--claim lost--> SCHEDULE_CLAIM_LOST, aborted: another goes on
 */
export async function runDue(request: DueRequest, work: (work: DueWork) => Promise<boolean>): Promise<DueOutcome> {
  const { store, name, cron, now, ttlMs = claimTtlMs } = request
  const due = request.due ?? lastDue(readCron(cron), now())!
  const schedule = await store.declare(name, cron, now())
  const isNobodys = request.due === null && due <= schedule.since - lateAfterMs
  if (isNobodys && (await store.runs(name, 1)).length > 0) {
    const why = `the schedule is ${cron} since ${new Date(schedule.since).toISOString()}`
    return { ran: false, due, why, state: null }
  }
  await writeMissed(request, due)
  const answer = await claimed(request, due, ttlMs)
  if ('refused' in answer) return refusal(answer, name, due)
  await tellWhenLate(request, due)
  await conduct(answer, request, ttlMs, work)
  return { ran: true, due }
}

/** A process that died leaves a claim that lapses: who asks once waits for that, or nobody would go on before the next due time. */
async function claimed(request: DueRequest, due: number, ttlMs: number): Promise<ScheduleClaim | ClaimRefusal> {
  const { store, name, by, now, signal, note } = request
  for (let look = 0; ; look++) {
    const answer = await store.claim(name, due, { name: by, ttlMs, now: now() })
    const isInHand = 'refused' in answer && answer.refused === 'running'
    if (!isInHand || request.due !== null || look > looks || signal.aborted) return answer
    if (look === 0) note(`${answer.by.claimedBy} is at it: waiting until its claim is over or was renewed`)
    await pause(ttlMs / looks, signal)
  }
}

async function writeMissed({ store, name, now, tell, note }: DueRequest, due: number): Promise<void> {
  const [schedule] = (await store.schedules()).filter((each) => each.name === name)
  const { missed } = standingOf(schedule!, await store.runs(name, runsLookedAt), now())
  const past = missed.filter((time) => time < due)
  if (past.length === 0) return
  const why = 'nobody ran it before the next one was due'
  for (const time of await store.miss(name, past, why, now())) {
    note(`schedule ${name} missed its run of ${new Date(time).toISOString()}`)
    await tell(missedEvent(name, time, now(), why))
  }
}

async function tellWhenLate({ name, now, tell, note }: DueRequest, due: number): Promise<void> {
  const lateMs = now() - due
  if (lateMs <= lateAfterMs) return
  note(`what was due ${Math.round(lateMs / 60_000)} min ago runs now`)
  await tell(missedEvent(name, due, now(), 'it runs now'))
}

function refusal({ refused, by }: ClaimRefusal, schedule: string, due: number): DueOutcome {
  const time = new Date(due).toISOString()
  if (refused === 'overlap') {
    const other = new Date(by.due).toISOString()
    throw new BullpenError('SCHEDULE_OVERLAP', { schedule, due: time, by: by.claimedBy, other })
  }
  const why =
    refused === 'running' ? `${by.claimedBy} is at it` : `it is ${by.state}${by.reason ? `: ${by.reason}` : ''}`
  return { ran: false, due, why, state: by.state }
}

async function conduct(
  claim: ScheduleClaim,
  { store, now, tell, signal, note }: DueRequest,
  ttlMs: number,
  work: (work: DueWork) => Promise<boolean>,
): Promise<void> {
  const { schedule, due } = claim
  const time = new Date(due).toISOString()
  const isLost = () => new BullpenError('SCHEDULE_CLAIM_LOST', { schedule, due: time })
  const renewing = keepClaim(store, claim, ttlMs, note, isLost)
  let begun = Object.keys(claim.runs).length
  try {
    const isWell = await work({
      claim,
      signal: AbortSignal.any([signal, renewing.lost]),
      begin: async (source, runId) => {
        if (!(await store.begin(claim, source, runId))) throw isLost()
        begun++
      },
    })
    if (!(await store.end(claim, isWell ? 'done' : 'failed', isWell ? null : 'not every series', now()))) throw isLost()
  } catch (thrown) {
    const { code, message } = asBullpenError(thrown)
    if (code === 'SCHEDULE_CLAIM_LOST') throw thrown
    // Asked to stop, it is not over: whoever looks next goes on. Anything else would fail again.
    if (code === 'INTERRUPTED') await store.release(claim)
    else {
      await store.end(claim, 'failed', `${code}: ${message}`, now())
      // A run tells of its own failure; before there was one nobody else does.
      const facts = { schedule, due: time, run: null, code, message: message.slice(0, 500) }
      if (begun === 0) await tell({ key: `run.failed/${schedule}/${time}`, kind: 'run.failed', at: now(), facts })
    }
    throw thrown
  } finally {
    renewing.stop()
    await renewing.stopped
  }
}

/** Renews three times per length of the claim. While the database is away it is tried again: nobody else can claim it either. */
function keepClaim(
  store: ScheduleStore,
  claim: ScheduleClaim,
  ttlMs: number,
  note: (text: string) => void,
  isLost: () => BullpenError,
) {
  const lost = new AbortController()
  const ended = new AbortController()
  const backoff = new Backoff({ firstMs: 500, longestMs: Math.max(500, ttlMs / 3) })
  const renew = async () => {
    while (!ended.signal.aborted && !lost.signal.aborted) {
      await pause(ttlMs / 3, ended.signal)
      if (ended.signal.aborted) return
      try {
        if (!(await store.renew(claim, ttlMs))) lost.abort(isLost())
        backoff.reset()
      } catch (error) {
        note(`the claim of the schedule cannot be renewed: ${asBullpenError(error).message}`)
        await backoff.wait(ended.signal)
      }
    }
  }
  return {
    lost: lost.signal,
    stopped: renew(),
    stop: () => {
      ended.abort()
    },
  }
}
