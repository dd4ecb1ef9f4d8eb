import type { Command } from 'commander'
import { BullpenError } from '#core/errors'
import type { TargetName } from '#core/protocol'
import type { SpendingDeadline } from '../cost/index.ts'
import { outcomeLines } from '../training/training-outcome.ts'
import { addAdminOptions, openAdmin, type AdminOptions } from './admin-option.ts'
import {
  addClusterOptions,
  addTermOption,
  hostsOption,
  targetOption,
  upRequest,
  type ClusterOptions,
} from './cluster-options.ts'
import { checkPlan } from './money.ts'
import { conductTraining } from './conduct-training.ts'
import { addDueOptions, runWhenDue, type DueOptions } from './due-options.ts'
import { settleWishes, wantedSources } from './retrain-wishes.ts'
import { sessionWith, type Session } from './session.ts'
import { manyLines, trainMany } from './train-many.ts'
import { onRentedCluster } from './rented-week.ts'
import { withCluster, type RentedQueue } from './rented-queue.ts'
import { addTrainingOptions, type TrainingOptions } from './training-options.ts'

const trainExamples = `
Examples:
  $ bullpen train --candles btc_4h.csv --trials 50
  $ bullpen train --candles sample:btcusdt-4h --space quick --seed 7 --json
  $ bullpen train --candles btc_4h.csv --calibration platt --policy expected-value --fee-bps 10
  $ bullpen train --candles btc_4h.csv --calibration isotonic --policy conformal --coverage 0.8
  $ bullpen train --candles store:BTC/USDT:4h --candles store:ETH/USDT:1h   (a run for each)
  $ bullpen train --candles btc_4h.csv --label triple-barrier --label-param take-profit=3 --label-param time-limit=18
  $ bullpen train --candles btc_4h.csv --label triple-barrier --splits walk-forward --outer-steps 6 --trials 10
  $ bullpen train --resume 20200101-120000-1f3a9c
  $ bullpen train --candles btc_4h.csv --cluster blue   (rented with bullpen cluster up --name blue)
  $ bullpen train --candles btc_4h.csv --queue redis://10.0.0.5   (agents: bullpen worker --queue ...)`

const weeklyExamples = `
Examples:
  $ bullpen weekly --candles exchange:binance:BTC/USDT:4h --since 2019-01-01
  $ bullpen weekly --candles sample:btcusdt-4h --space quick --trials 12
  $ bullpen weekly --candles btc_4h.csv --target local --workers 2   (up, train, register, down)
  $ bullpen weekly --when-wanted --candles sample:btcusdt-4h   (daily, from cron: nothing unless a model drifts)
  $ bullpen weekly --candles btc_4h.csv --target local --price 0.05 --budget 1   (the search ends in time for that)
  $ bullpen weekly --scheduled latest --cron "0 6 * * 1" --candles btc_4h.csv   (a CronJob, a timer: once a week)`

/** `bullpen train` and `bullpen weekly`. */
export function addTrainCommands(program: Command, session: Session): void {
  addTermOption(
    addAdminOptions(addTrainingOptions(program.command('train').description('candles to a registered model'))),
  )
    .option('--cluster [name]', 'use a cluster of bullpen cluster up (without a name: the one that is up)')
    .addHelpText('after', trainExamples)
    .action(async ({ cluster, term, ...options }: ParsedOptions & ClusterChoice) => {
      if (cluster === undefined) {
        await train(options, session)
        return
      }
      refuseQueue(options)
      const which = { name: cluster === true ? null : cluster, termMs: term * 1000 }
      await withCluster(which, session, (rented, own) => train({ ...options, rented }, own))
    })
  addDueOptions(addWeeklyOptions(program.command('weekly')))
    .description('the weekly run: train, register, promote, answer')
    .addHelpText('after', weeklyExamples)
    .action((options: WeeklyOptions & DueOptions) =>
      runWhenDue(options, session, (more, own) => weekly({ ...options, ...more }, own)),
    )
}

/** Everything `weekly` takes besides what is due when. */
export function addWeeklyOptions(command: Command): Command {
  return addClusterOptions(addAdminOptions(addTrainingOptions(command)))
    .addOption(targetOption('rent a cluster there for this run, and give it back whatever happens'))
    .addOption(hostsOption())
    .option('--name <cluster>', 'name of that cluster (default: one of its own for each run)')
    .option('--when-wanted', 'train only series whose model has drifted so far that watching wants it retrained')
}

/** Whether all of it went well. */
async function weekly(options: WeeklyOptions, session: Session): Promise<boolean> {
  session.note(`weekly run of ${new Date(session.now()).toISOString().slice(0, 10)}`)
  const { candles = [] } = options
  if (!options.whenWanted || options.resume !== undefined) return trainAt(options, session)
  const wanted = await wantedSources(candles, options, session)
  if (wanted.length > 0) return trainAt({ ...options, candles: wanted }, session)
  session.answer({ wanted: [] }, () => ['no model has drifted so far that it is to be retrained'])
  return true
}

/** `--candles` may be repeated. */
type ParsedOptions = Omit<TrainingOptions, 'candles'> & AdminOptions & { readonly candles?: readonly string[] }

/** Of `train`: `--cluster` may stand without a name. */
interface ClusterChoice {
  readonly cluster?: string | true
  readonly term: number
}

type WeeklyOptions = ParsedOptions &
  Omit<ClusterOptions, 'target'> & { readonly target?: TargetName; readonly whenWanted?: true }

/** On a cluster rented for this run where a target is given. */
async function trainAt({ target, ...options }: WeeklyOptions, session: Session): Promise<boolean> {
  if (target === undefined) return train(options, session)
  refuseQueue(options)
  const deadline = await checkBudget(target, options, session)
  const signal = deadline ? AbortSignal.any([session.signal, deadline.signal]) : session.signal
  const work = (rented: RentedQueue, own: Session): Promise<boolean> => {
    const onRun = (runId: string): Promise<void> => {
      // From here on the run's own limit watches, which knows what is really there.
      deadline?.lift()
      return rented.onRun(runId)
    }
    return train({ ...options, rented: { ...rented, onRun } }, own)
  }
  try {
    return await onRentedCluster({ ...options, target }, sessionWith(session, { signal }), work)
  } finally {
    deadline?.lift()
  }
}

/** Before anything is rented. */
async function checkBudget(
  target: TargetName,
  options: WeeklyOptions,
  session: Session,
): Promise<SpendingDeadline | undefined> {
  const { budget } = options
  if (budget === undefined) return undefined
  const site = await session.clusterSite({ ...options, target })
  const { termMs, ...request } = upRequest('plan', { ...options, target })
  return checkPlan(budget, await site.target.plan({ ...request, endsAt: session.now() + termMs }), site.target)
}

function refuseQueue({ queue }: Pick<ParsedOptions, 'queue'>): void {
  if (queue === undefined) return
  throw new BullpenError('USAGE', { reason: 'a rented cluster has a queue of its own: leave out --queue' })
}

/** With its admin port, which is opened first of all, so that a port that is taken costs no run. */
async function train(options: ParsedOptions, session: Session): Promise<boolean> {
  const admin = await openAdmin(options, session)
  try {
    await session.workshop.startTracing('bullpen-coordinator')
    await session.workshop.webhooks()
    return await trainEach(options, session)
  } finally {
    await admin?.close()
  }
}

async function trainEach({ candles = [], ...options }: ParsedOptions, session: Session): Promise<boolean> {
  const startedAt = session.now()
  if (candles.length > 1) {
    const outcomes = await trainMany(candles, options, session)
    for (const each of outcomes) if ('outcome' in each) await settleWishes(each.outcome.data, startedAt, session)
    const isWhole = outcomes.every((each) => 'outcome' in each)
    if (!isWhole) session.fail()
    session.answer(outcomes, manyLines)
    return isWhole
  }
  const [source] = candles
  const one = source === undefined ? options : { ...options, candles: source }
  const outcome = await conductTraining(one, session)
  await settleWishes(outcome.data, startedAt, session)
  session.answer(outcome, outcomeLines)
  return true
}
