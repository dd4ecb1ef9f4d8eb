import { InvalidArgumentError, type Command } from 'commander'
import { formatTime, parseTime } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { RunStore } from '#core/registry'
import { describeHolder, thisHolder } from '../holds/index.ts'
import { runDue, type DueOutcome, type DueWork } from '../schedule/index.ts'
import { sessionWith, type Session } from './session.ts'
import type { TrainingOptions } from './training-options.ts'

/** What is due when, as commander parses it. */
export interface DueOptions {
  readonly scheduled?: number | 'latest'
  readonly cron?: string
  readonly schedule: string
  readonly candles?: readonly string[]
}

/** What the work of a due time is done with besides its own options. */
export type DueMore = Pick<TrainingOptions, 'beforeRun' | 'resume'> & { readonly candles?: readonly string[] }

export function addDueOptions(command: Command): Command {
  return command
    .option('--scheduled <time>', 'run what was due at that time (or latest) once, whoever else tries', timeOrLatest)
    .option('--cron <expression>', 'with --scheduled: when it is due, five fields in UTC, e.g. "0 6 * * 1"')
    .option('--schedule <name>', 'with --scheduled: its name', scheduleName, 'weekly')
}

/** Runs `work` as what is due, if that is what was asked for, otherwise as it is. `work` answers whether all went well. */
export async function runWhenDue(
  { scheduled, cron, schedule, candles = [] }: DueOptions,
  session: Session,
  work: (more: DueMore, session: Session) => Promise<boolean>,
): Promise<void> {
  if (scheduled === undefined) {
    if (cron !== undefined) throw new BullpenError('USAGE', { reason: '--cron says when --scheduled work is due' })
    await work({}, session)
    return
  }
  if (cron === undefined) throw new BullpenError('USAGE', { reason: '--scheduled needs --cron' })
  const { workshop, now, signal } = session
  const webhooks = await workshop.webhooks()
  const request = {
    store: await workshop.schedules(),
    name: schedule,
    cron,
    due: scheduled === 'latest' ? null : scheduled,
    by: describeHolder(thisHolder()),
    now,
    tell: webhooks.tell.bind(webhooks),
    note: session.note.bind(session),
    signal,
  }
  const runs = await workshop.runs()
  const outcome = await runDue(request, (due) => goOn(due, candles, runs, session, work))
  if (outcome.ran) return
  // A CronJob or a timer that asks again after a failure must not make it look like a success.
  if (outcome.state === 'failed') session.fail()
  session.answer({ schedule, ...outcome }, notRunLines)
}

/** First the runs that a claimer who died has begun, then the series it had not come to. */
async function goOn(
  { claim, signal, begin }: DueWork,
  candles: readonly string[],
  runs: Pick<RunStore, 'get'>,
  session: Session,
  work: (more: DueMore, session: Session) => Promise<boolean>,
): Promise<boolean> {
  const own = sessionWith(session, { signal })
  let isWell = true
  const left = new Set(candles)
  for (const [source, runId] of Object.entries(claim.runs)) {
    const state = await stateOf(runId, runs)
    if (state === null) continue
    left.delete(source)
    if (state === 'done') continue
    session.note(`${source}: going on with run ${runId}`)
    isWell = (await work({ candles: [], resume: runId }, own)) && isWell
  }
  if (left.size === 0 && candles.length > 0) return isWell
  const more = { candles: [...left], beforeRun: begin }
  return (await work(more, own)) && isWell
}

/** Null: it was written down, and its process died before it was made. */
async function stateOf(runId: string, runs: Pick<RunStore, 'get'>): Promise<string | null> {
  try {
    const { state } = await runs.get(runId)
    return state
  } catch (error) {
    if (error instanceof BullpenError && error.code === 'RUN_NOT_FOUND') return null
    throw error
  }
}

function notRunLines(outcome: DueOutcome): string[] {
  const { due } = outcome
  return [`nothing to do for ${formatTime(due)}: ${outcome.ran ? 'it ran' : outcome.why}`]
}

function timeOrLatest(text: string): number | 'latest' {
  if (text === 'latest') return text
  const time = parseTime(text)
  if (time === null) throw new InvalidArgumentError('give an ISO time such as 2026-01-05T06:00:00Z, or latest.')
  return time
}

/** A commander parser for the name of a schedule. */
export function scheduleName(text: string): string {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(text)) return text
  throw new InvalidArgumentError('give up to 31 small letters, digits and dashes, a letter first.')
}
