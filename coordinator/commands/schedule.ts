import { Command } from 'commander'
import { BullpenError } from '#core/errors'
import { nextDue, readCron, readStandings } from '#core/schedule'
import { serveMetrics } from '#platform/processes'
import { queueUrl } from '../cluster/index.ts'
import { Scheduler } from '../schedule/index.ts'
import { scheduleName } from './due-options.ts'
import type { Session } from './session.ts'
import { addWeeklyOptions } from './train.ts'
import { wholeNumber } from '#platform/options'

interface ScheduleOptions {
  readonly cron: string
  readonly schedule: string
  readonly lookEvery: number
  readonly queue?: string
  readonly metricsPort?: number
  readonly metricsHost: string
}

const examples = `
Times are UTC, which has no summer time: 06:00 UTC is 07:00 in Berlin in winter and 08:00 in summer. No run is skipped or
doubled when clocks change. Any number of schedulers, a CronJob and a timer may share one schedule: each due time runs
once. After an outage only the newest is caught up with.

Examples:
  $ bullpen schedule --cron "0 6 * * 1" --candles exchange:binance:BTC/USDT:4h --since 2019-01-01
  $ bullpen schedule --cron "0 6 * * mon" --schedule btc --metrics-port 9401 --candles btc_4h.csv --trials 50`

/** `bullpen schedule`: the weekly run, every week. */
export function addScheduleCommand(program: Command, session: Session): void {
  program
    .command('schedule')
    .description('run weekly when it is due, once whoever else tries; every option of weekly may follow')
    .requiredOption('--cron <expression>', 'when, five fields in UTC: minute hour day-of-month month day-of-week')
    .option('--schedule <name>', 'schedulers of one name share the work', scheduleName, 'weekly')
    .option('--look-every <seconds>', 'how often it is looked whether something is due', wholeNumber(1, 3600), 30)
    .option('--metrics-port <port>', 'serve Prometheus metrics there (0: any free port)', wholeNumber(0, 65_535))
    .option('--metrics-host <address>', 'where --metrics-port listens', '127.0.0.1')
    .argument('[weekly...]', 'options of weekly')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', examples)
    .action((weekly: readonly string[], options: ScheduleOptions) => schedule(weekly, options, session))
}

async function schedule(weekly: readonly string[], options: ScheduleOptions, session: Session): Promise<void> {
  const { cron, schedule: name } = options
  const { workshop, now, signal } = session
  const next = nextDue(readCron(cron), now())!
  const queue = checkWeekly(weekly)
  // What happens from now on is told from here, whatever process it happens in.
  await workshop.webhooks()
  const store = await workshop.schedules()
  const scheduler = new Scheduler({
    store,
    name,
    cron,
    run: async (due) => {
      const time = new Date(due).toISOString()
      session.note(`running what was due at ${time}`)
      const args = ['weekly', '--schedule', name, '--cron', cron, '--scheduled', time, ...weekly]
      const status = await session.spawn(args, signal)
      session.note(`what was due at ${time} ended with status ${status}`)
    },
    now,
    note: session.note.bind(session),
    signal,
    everyMs: options.lookEvery * 1000,
  })
  const server = await serveScheduleMetrics(options, session)
  const url = queueUrl(queue, workshop.config.redisUrl)
  if (url !== undefined) {
    const { describe } = await workshop.alarm(url, name, cron, scheduler.ring)
    session.note(`alarm: ${describe}`)
  }
  session.note(`schedule ${name}: due next at ${new Date(next).toISOString()}`)
  try {
    await scheduler.run()
  } finally {
    await server?.close()
  }
}

/** Refuses what `weekly` would refuse, now and not at four in the morning; answers its `--queue`. */
function checkWeekly(weekly: readonly string[]): string | undefined {
  const command = addWeeklyOptions(new Command('weekly')).exitOverride().allowExcessArguments(false)
  command.configureOutput({ writeErr: () => undefined })
  command.parse([...weekly], { from: 'user' })
  const { candles, resume, queue } = command.opts<{ candles?: readonly string[]; resume?: string; queue?: string }>()
  if (resume !== undefined)
    throw new BullpenError('USAGE', { reason: 'a schedule cannot resume the same run each time' })
  if (candles === undefined) throw new BullpenError('USAGE', { reason: 'no candles given: add --candles SOURCE' })
  return queue
}

async function serveScheduleMetrics({ metricsPort: port, metricsHost: host }: ScheduleOptions, session: Session) {
  if (port === undefined) return undefined
  const { workshop, now } = session
  const [store, outbox] = [await workshop.schedules(), await workshop.webhookOutbox()]
  const { ScheduleMetrics } = await import('../admin/schedule-metrics.ts')
  const metrics = new ScheduleMetrics({
    standings: () => readStandings(store, now()),
    outbox: () => outbox.figures(),
  })
  const server = await serveMetrics(metrics, port, host)
  session.note(`metrics: ${server.address}`)
  return server
}
