import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { mostClaims } from '#core/schedule'
import { openDatabase, PostgresScheduleStore } from '#platform/postgres'
import { kubernetesObjects } from '../infra-deploy/kubernetes-objects.ts'
import { exampleInput } from '../infra-deploy/testing/example-input.ts'
import { bullpen, documentOf, makeHome, smallRun, startBullpen, type CommandResult } from './testing/command.ts'

// Every way in which the weekly run is started, as its file says it, with a smaller training.

const { home, remove } = makeHome()
afterAll(remove)

const cron = '0 6 * * 1'
const training = [...smallRun, '--trials', '1', '--engine', 'wasm']

/** What the CronJob's container is told about due times: the end of its arguments. */
function cronJobArgs(): readonly string[] {
  const input = exampleInput()
  const [cronJob] = kubernetesObjects(input)['weekly'] as unknown as [CronJob]
  const { schedule, timeZone, jobTemplate } = cronJob.spec
  const { args } = jobTemplate.spec.template.spec.containers[0]!
  expect([schedule, timeZone]).toEqual([cron, 'Etc/UTC'])
  // As many pods as claims of a due time may die.
  expect(jobTemplate.spec.backoffLimit).toBe(mostClaims - 1)
  return args.slice(args.indexOf('--scheduled'))
}

interface CronJob {
  readonly spec: {
    readonly schedule: string
    readonly timeZone: string
    readonly jobTemplate: {
      readonly spec: {
        readonly backoffLimit: number
        readonly template: { readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] } }
      }
    }
  }
}

/** What the service of systemd runs after `bullpen.js`, with $BULLPEN_WEEKLY empty. */
function serviceArgs(): readonly string[] {
  const unit = readFileSync('infra-deploy/systemd/bullpen-weekly.service', 'utf8')
  const [, line = ''] = /^ExecStart=\S+ \S+\/bullpen\.js (.*) \$BULLPEN_WEEKLY$/m.exec(unit) ?? []
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!)
}

/** Runs scripts/weekly as cron does. */
function script(args: readonly string[]): Promise<CommandResult> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], BULLPEN_HOME: home }
  return new Promise((end) => {
    execFile(resolve('scripts/weekly'), [...args], { env }, (error, stdout, stderr) => {
      end({ status: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

test('the timer of systemd is due when its service says so', () => {
  const timer = readFileSync('infra-deploy/systemd/bullpen-weekly.timer', 'utf8')
  expect(timer).toContain('OnCalendar=Mon *-*-* 06:00:00 UTC\n')
  expect(serviceArgs()).toEqual(['weekly', '--scheduled', 'latest', '--cron', cron])
})

test('a scheduler, a CronJob, a timer and a crontab at once run what is due once, and all say so with status 0', async () => {
  const database = await openDatabase({ home, onNote: () => undefined })
  const schedules = new PostgresScheduleStore(database)
  await schedules.declare('weekly', cron, Date.now() - 8 * 86_400_000)
  const scheduler = startBullpen(['schedule', '--cron', cron, '--look-every', '1', ...training], home)
  const ways = [
    bullpen(['weekly', ...training, ...cronJobArgs()], home),
    bullpen([...serviceArgs(), ...training], home),
    script(['--cron', cron, ...training]),
  ]
  const ended = await Promise.all(ways)
  scheduler.child.kill('SIGTERM')
  expect([(await scheduler.done).status, ...ended.map(({ status }) => status)]).toEqual([0, 0, 0, 0])
  expect(documentOf<unknown[]>(await bullpen(['runs', 'list', '--json'], home))).toHaveLength(1)
  const [run] = await schedules.runs('weekly', 9)
  expect(run).toMatchObject({ state: 'done', attempts: 1 })

  // Asked again after a failure, a timer does not turn it into a success.
  await schedules.declare('daily', '0 5 * * *', Date.now() - 2 * 86_400_000)
  const failing = ['weekly', '--candles', 'nowhere.csv', '--schedule', 'daily', '--scheduled', 'latest']
  const first = await bullpen([...failing, '--cron', '0 5 * * *', '--json'], home)
  const again = await bullpen([...failing, '--cron', '0 5 * * *', '--json'], home)
  await database.close()
  expect([first.status, again.status]).toEqual([2, 1])
  expect(documentOf(again)).toMatchObject({ ran: false, state: 'failed' })
}, 120_000)
