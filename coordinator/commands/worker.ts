import { InvalidArgumentError, type Command } from 'commander'
import { BullpenError } from '#core/errors'
import { queueUrl } from '../cluster/index.ts'
import type { AgentRequest, AgentVisit } from './agent-host.ts'
import type { Session } from './session.ts'
import { wholeNumber } from './whole-number.ts'

interface WorkerOptions {
  readonly queue?: string
  readonly threads?: number
  readonly engine?: string
  readonly group?: string
  readonly tasks?: string
  readonly price?: number
  readonly currency: string
  readonly idleExit?: number
  readonly maxLifetime?: number
  readonly noticeTime: number
  readonly notice?: readonly string[]
  readonly cacheBytes: number
  readonly name?: string
  readonly metricsPort?: number
  readonly metricsHost: string
}

const longestSeconds = 2_147_483 // Node's longest timer

const examples = `
It serves until SIGTERM or Ctrl-C, a notice, --idle-exit or --max-lifetime; all of them end it with status 0.

Examples:
  $ bullpen worker --queue redis://10.0.0.5 --threads 4
  $ REDIS_URL=rediss://:$PASSWORD@10.0.0.5 bullpen worker --notice aws --price 0.12 --idle-exit 600
  $ bullpen worker --queue redis://10.0.0.5 --group research --tasks tasks.json`

/** `bullpen worker`: this host's threads serve a shared queue. */
export function addWorkerCommand(program: Command, session: Session): void {
  program
    .command('worker')
    .description("serve a shared queue with this host's threads, as an agent of the fleet")
    .option('--queue <url>', 'redis://host[:port][/database]; one with a password comes from REDIS_URL')
    .option('--threads <n>', 'tasks at a time (default: BULLPEN_THREADS, or the number of cores)', wholeNumber(1, 1024))
    .option('--engine <name>', 'auto, native (libxgboost) or wasm (default: auto)')
    .option('--group <name>', 'serve own tasks of this group instead of training (see docs/own-tasks.md)')
    .option('--tasks <file>', 'the list of own tasks, with --group')
    .option('--price <number>', 'what this host costs per hour, for bullpen cluster status', price)
    .option('--currency <code>', 'the currency of --price', currency, 'USD')
    .option('--idle-exit <seconds>', 'leave after so long without a task', wholeNumber(1, longestSeconds))
    .option('--max-lifetime <seconds>', 'leave after so long', wholeNumber(1, longestSeconds))
    .option('--notice-time <seconds>', 'how long tasks in hand may go on when it leaves', wholeNumber(0, 86_400), 25)
    .option('--notice <source>', 'leave on a notice: aws, file:PATH or command:CMD; may be repeated', collect)
    .option(
      '--cache-bytes <n>',
      'objects kept on disk, 0 for none',
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
      4 * 2 ** 30,
    )
    .option('--name <host>', "this host's name, for people", hostName)
    .option('--metrics-port <port>', 'serve Prometheus metrics there', wholeNumber(0, 65_535))
    .option('--metrics-host <address>', 'where --metrics-port listens', '127.0.0.1')
    .addHelpText('after', examples)
    .action(async (options: WorkerOptions) => {
      const request = requestOf(options, session)
      await session.workshop.startTracing('bullpen-worker')
      session.answer(await session.agents.serve(request, session.signal), visitLines)
    })
}

/** Throws USAGE for options that do not go together. */
function requestOf(options: WorkerOptions, { workshop: { config } }: Session): AgentRequest {
  const url = queueUrl(options.queue, config.redisUrl)
  if (url === undefined) throw usage('no queue is given: add --queue redis://host, or set REDIS_URL')
  const { threads = config.threads, notice: notices = [], cacheBytes, name: host, metricsPort: port } = options
  return {
    queueUrl: url,
    threads,
    duty: dutyOf(options),
    price: options.price === undefined ? null : { perHour: options.price, currency: options.currency },
    host,
    idleExitMs: milliseconds(options.idleExit),
    maxLifetimeMs: milliseconds(options.maxLifetime),
    noticeTimeMs: options.noticeTime * 1000,
    notices,
    cacheBytes,
    metrics: port === undefined ? undefined : { host: options.metricsHost, port },
  }
}

function dutyOf({ engine, group, tasks }: WorkerOptions): AgentRequest['duty'] {
  if (group === undefined && tasks === undefined) return { engine: engine ?? 'auto' }
  if (group === undefined || tasks === undefined) throw usage('--group and --tasks go together')
  if (engine !== undefined) throw usage('own tasks have no engine: leave out --engine')
  return { group, tasks }
}

function visitLines({ agent, reason, done, failed }: AgentVisit): string[] {
  return [`agent ${agent} left: ${reason} (${done} tasks ended, ${failed} failed)`]
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

function price(text: string): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value <= 1_000_000) return value
  throw new InvalidArgumentError('give a number from 0 to 1000000.')
}

function currency(text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text
  throw new InvalidArgumentError('give three capital letters, such as USD.')
}

function hostName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)) return text
  throw new InvalidArgumentError('give letters, digits, dots, dashes and underscores, at most 63.')
}

function usage(reason: string): BullpenError {
  return new BullpenError('USAGE', { reason })
}
