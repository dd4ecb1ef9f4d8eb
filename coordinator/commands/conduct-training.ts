import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BullpenError } from '#core/errors'
import type { Publisher, ShardIndex } from '#core/registry'
import { withRunSpan } from '#platform/telemetry'
import { queueUrl } from '../cluster/index.ts'
import type { Purse, RunCost, RunMoney } from '../cost/index.ts'
import { HeldRegistry, HeldRuns, takeRun, type RunHold } from '../holds/index.ts'
import { Patience, PatientObjects, PatientRegistry, PatientRuns, PatientShards } from '../patience/index.ts'
import { TaskClient } from '../tasks/index.ts'
import { checkChoices, createRun, reopenRun, requireUnfinished, type OpenedRun } from '../training/open-run.ts'
import { reportDataOf } from '../training/report-of.ts'
import { plannedFolds, splitsWarning } from '../training/split-choices.ts'
import type { SearchLimit } from '../training/training-services.ts'
import { outcomeOf, type TrainingOutcome } from '../training/training-outcome.ts'
import { TrainingRun, type TrainingResult } from '../training/training-run.ts'
import { fleetLabour, localLabour, type Labour } from './labour.ts'
import { openPurse } from './money.ts'
import type { Session } from './session.ts'
import type { TrainingOptions } from './training-options.ts'

/** How long servers may be away while a run on a shared queue waits for them, s; a local run fails at once. */
const defaultPatience = 900

/** What a run is conducted with. */
interface Site {
  readonly runs: PatientRuns
  readonly objects: PatientObjects
  readonly registry: PatientRegistry
  readonly shards: ShardIndex
  readonly labour: Labour
  readonly purse: Purse
  readonly patience: Patience
  readonly graceMs: number
}

/** What several runs of one command have in common. */
export interface SharedSite {
  /** Who does the tasks where no queue is given. */
  readonly labour: Labour
  readonly registry: Publisher
  /** What they may spend together. */
  readonly purse: Purse
}

/** The whole job. Throws whatever stopped it; an interruption or failure of a started run says how to resume. */
export async function conductTraining(
  options: TrainingOptions,
  session: Session,
  shared?: SharedSite,
): Promise<TrainingOutcome> {
  checkChoices(options)
  const warning = options.resume === undefined ? splitsWarning(options) : null
  if (warning !== null) session.note(warning)
  const site = await openSite(options, session, shared)
  try {
    return await conduct(options, session, site)
  } finally {
    if (shared === undefined) await site.purse.close()
  }
}

async function conduct(options: TrainingOptions, session: Session, site: Site): Promise<TrainingOutcome> {
  if (options.resume !== undefined) {
    const runId = options.resume
    await requireUnfinished(runId, site.runs)
    const hold = await take(runId, site, session)
    return releasing(hold, async () => {
      const run = await reopenRun(runId, site.runs, site.objects)
      const { engine } = run.spec
      await site.labour.engine(engine)
      session.progress({ kind: 'run', runId, resumed: true })
      return work(run, hold, options, site, session)
    })
  }
  const run = await newRun(options, site, session)
  const hold = await take(run.runId, site, session)
  session.progress({ kind: 'run', runId: run.runId, resumed: false })
  return releasing(hold, () => work(run, hold, options, site, session))
}

async function openSite(options: TrainingOptions, session: Session, shared: SharedSite | undefined): Promise<Site> {
  const { workshop, metrics, signal } = session
  const url = options.rented?.url ?? queueUrl(options.queue, workshop.config.redisUrl)
  const limitMs = (options.patience ?? (url === undefined ? 0 : defaultPatience)) * 1000
  const patience = new Patience({
    limitMs,
    signal,
    note: (text) => {
      session.note(text)
    },
    onAway: (what) => {
      metrics.onAway(what)
    },
    onBack: (what) => {
      metrics.onBack(what)
    },
  })
  return {
    runs: new PatientRuns(await workshop.runs(), patience),
    objects: new PatientObjects(workshop.objects(), patience),
    registry: new PatientRegistry(shared?.registry ?? (await workshop.registry()), patience),
    shards: new PatientShards(await workshop.shards(), patience),
    labour:
      url === undefined
        ? (shared?.labour ?? localLabour(options, session))
        : fleetLabour(url, options, session, patience),
    purse: shared?.purse ?? (await openPurse(options, session)),
    patience,
    graceMs: limitMs,
  }
}

function take(runId: string, { runs, patience, graceMs }: Site, session: Session): Promise<RunHold> {
  const note = (text: string): void => {
    session.note(text)
  }
  // A run may have nothing to write for long: its hold is what notices first that the database is away.
  const onRenewal = (error: BullpenError | null): void => {
    if (error) patience.sawAway('the database', error)
    else patience.sawBack('the database')
  }
  const { signal, workshop } = session
  return takeRun({ runs, runId, ttlMs: workshop.config.leaseMs, graceMs, onRenewal, note, signal })
}

async function releasing<T>(hold: RunHold, job: () => Promise<T>): Promise<T> {
  try {
    return await job()
  } finally {
    await hold.release()
  }
}

/** Conducts a held run to its end. */
async function work(
  { runId, spec, series }: OpenedRun,
  hold: RunHold,
  options: TrainingOptions,
  site: Site,
  session: Session,
): Promise<TrainingOutcome> {
  const { progress, now, metrics, workshop } = session
  const runs = new HeldRuns(site.runs, hold)
  const registry = new HeldRegistry(site.registry, hold)
  await options.rented?.onRun(runId)
  const labour = await site.labour.start(spec.engine)
  const { queue, threads, route } = labour
  const knownTrials = options.resume === undefined ? 0 : (await (await workshop.runs()).trials(runId)).length
  // The last is the hold that the run is worked on under now.
  const earlier = (await site.runs.heldTimes(runId)).slice(0, -1)
  const money = await site.purse.join({ runId, route, earlier }).catch(async (error: unknown) => {
    await labour.stop()
    throw error
  })
  const { limit } = money
  options.rented?.onLimit?.()
  const tasks = await TaskClient.open({
    queue,
    runs,
    runId,
    attempts: 3,
    timeoutMs: options.taskTimeout * 1000,
    signal: AbortSignal.any([session.signal, hold.signal, ...(limit ? [limit.signal] : [])]),
    // A quarter of the search may fail; beyond that it no longer searches what was asked.
    maxFailures: Math.floor(plannedFolds(spec) / 4),
  })
  const unwatch = tasks.watch(metrics.onTasks)
  try {
    const { objects, shards } = site
    const signingKey = () => workshop.signingKey()
    const search = searchLimitOf(money, knownTrials)
    const services = {
      ...{ runs, registry, objects, shards, tasks, progress, now, threads, signingKey },
      ...(search && { limit: search }),
    }
    const training = new TrainingRun(runId, spec, services)
    const resumed = options.resume !== undefined
    const result = await withRunSpan({ runId, resumed }, {}, () => training.run(series))
    const reportPath = join(workshop.runFolder(runId), 'report.html')
    const cost = await money.cost(result.search.trials, threads)
    await drawReport(reportPath, { result, threads, cost }, session)
    const reportObject = await objects.put(await readFile(reportPath))
    const outcome = outcomeOf(result, { reportPath, reportObject, cost, threads })
    await runs.transition(runId, 'done', { summary: { ...outcome } })
    return outcome
  } catch (error) {
    session.note(`to go on: bullpen train --resume ${runId}`)
    throw error
  } finally {
    await labour.stop()
    await tasks.close()
    unwatch()
  }
}

function searchLimitOf({ limit, elapsedSeconds }: RunMoney, knownTrials: number): SearchLimit | undefined {
  if (!limit) return undefined
  return {
    knownTrials,
    mayAsk: (forecast) => limit.mayAsk(forecast),
    elapsedSeconds,
    tooSmall: () => limit.tooSmall(),
  }
}

/** The charting library takes half a second to load, which no other command should wait for. */
async function drawReport(
  path: string,
  { result, threads, cost }: { result: TrainingResult; threads: number; cost: RunCost | null },
  session: Session,
): Promise<void> {
  const startedAt = session.now()
  session.progress({ kind: 'stage-start', stage: 'report' })
  const { writeReport } = await import('../report/index.ts')
  await writeReport(path, reportDataOf(result, { createdAt: startedAt, threads, cost: cost?.words ?? 'not known' }))
  session.progress({ kind: 'stage-end', stage: 'report', ms: session.now() - startedAt, text: path })
}

async function newRun(options: TrainingOptions, site: Site, session: Session): Promise<OpenedRun> {
  if (options.candles === undefined) {
    throw new BullpenError('USAGE', { reason: 'no candles given: add --candles SOURCE, or --resume RUN' })
  }
  const engine = await site.labour.engine()
  const series = await session.loadSeries(options.candles, options)
  const origin = { source: options.candles, gapPolicy: options.gaps ?? 'keep' }
  const { objects } = site
  const { candles: source } = options
  const runs = {
    create: async (...run: Parameters<typeof site.runs.create>) => {
      await options.beforeRun?.(source, run[0])
      return site.runs.create(...run)
    },
    recordDataSet: site.runs.recordDataSet.bind(site.runs),
  }
  return createRun(series, origin, options, engine, { runs, objects, now: session.now })
}
