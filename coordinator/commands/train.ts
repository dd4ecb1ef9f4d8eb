import { join } from 'node:path'
import type { Command } from 'commander'
import { BullpenError } from '#core/errors'
import { TaskClient } from '../tasks/index.ts'
import { checkChoices, createRun, reopenRun, type OpenedRun } from '../training/open-run.ts'
import { outcomeLines, outcomeOf, type TrainingOutcome } from '../training/training-outcome.ts'
import { reportDataOf } from '../training/report-of.ts'
import { TrainingRun, type TrainingResult } from '../training/training-run.ts'
import type { Session } from './session.ts'
import { addTrainingOptions, type TrainingOptions } from './training-options.ts'

const trainExamples = `
Examples:
  $ bullpen train --candles btc_4h.csv --trials 50
  $ bullpen train --candles sample:btcusdt-4h --space quick --seed 7 --json
  $ bullpen train --resume 20200101-120000-1f3a9c`

const weeklyExamples = `
Examples:
  $ bullpen weekly --candles exchange:binance:BTC/USDT:4h --since 2019-01-01
  $ bullpen weekly --candles sample:btcusdt-4h --space quick --trials 12`

/** `bullpen train` and `bullpen weekly`. */
export function addTrainCommands(program: Command, session: Session): void {
  addTrainingOptions(program.command('train').description('candles to a registered model'))
    .addHelpText('after', trainExamples)
    .action(async (options: TrainingOptions) => {
      session.answer(await train(options, session), outcomeLines)
    })
  addTrainingOptions(program.command('weekly').description('the weekly run: train, register, promote, answer'))
    .addHelpText('after', weeklyExamples)
    .action(async (options: TrainingOptions) => {
      session.note(`weekly run of ${new Date(session.now()).toISOString().slice(0, 10)}`)
      session.answer(await train(options, session), outcomeLines)
    })
}

/** The whole job. Throws whatever stopped it; an interruption or failure of a started run says how to resume. */
async function train(options: TrainingOptions, session: Session): Promise<TrainingOutcome> {
  checkChoices(options)
  const { workshop } = session
  const [runs, objects, registry] = [await workshop.runs(), workshop.objects(), await workshop.registry()]
  const opened = options.resume === undefined ? undefined : await reopenRun(options.resume, runs, objects)
  const engine = await workshop.engine(options.engine, opened?.spec.engine)
  const run = opened ?? (await newRun(options, engine.engine, session))
  const { runId, spec, series } = run
  session.progress({ kind: 'run', runId, resumed: opened !== undefined })

  const pool = await workshop.pool(engine, options.threads ?? workshop.config.threads)
  const folds = spec.splits.folds
  const tasks = await TaskClient.open({
    queue: pool.queue,
    runs,
    runId,
    attempts: 3,
    timeoutMs: options.taskTimeout * 1000,
    signal: session.signal,
    // A quarter of the search may fail; beyond that it no longer searches what was asked.
    maxFailures: Math.floor((spec.search.trials * folds) / 4),
  })
  try {
    const services = {
      runs,
      registry,
      objects,
      tasks,
      progress: session.progress,
      now: session.now,
      threads: pool.threads,
    }
    const result = await new TrainingRun(runId, spec, services).run(series)
    const reportPath = join(workshop.runFolder(runId), 'report.html')
    await drawReport(reportPath, result, pool.threads, session)
    const outcome = outcomeOf(result, reportPath)
    await runs.transition(runId, 'done', { summary: { ...outcome } })
    return outcome
  } catch (error) {
    session.note(`to go on: bullpen train --resume ${runId}`)
    throw error
  } finally {
    await pool.drain()
    await tasks.close()
  }
}

/** The charting library takes half a second to load, which no other command should wait for. */
async function drawReport(path: string, result: TrainingResult, threads: number, session: Session): Promise<void> {
  const startedAt = session.now()
  session.progress({ kind: 'stage-start', stage: 'report' })
  const { writeReport } = await import('../report/index.ts')
  await writeReport(path, reportDataOf(result, startedAt, threads))
  session.progress({ kind: 'stage-end', stage: 'report', ms: session.now() - startedAt, text: path })
}

async function newRun(
  options: TrainingOptions,
  engine: OpenedRun['spec']['engine'],
  session: Session,
): Promise<OpenedRun> {
  const { workshop, now } = session
  if (options.candles === undefined) {
    throw new BullpenError('USAGE', { reason: 'no candles given: add --candles SOURCE, or --resume RUN' })
  }
  const series = await session.loadSeries(options.candles, options)
  const origin = { source: options.candles, gapPolicy: options.gaps ?? 'keep' }
  return createRun(series, origin, options, engine, { runs: await workshop.runs(), objects: workshop.objects(), now })
}
