import { Option, type Command } from 'commander'
import { BullpenError } from '#core/errors'
import { targetNames, type HourlyPrice, type TargetName } from '#core/protocol'
import type { UpRequest } from '../rentals/index.ts'
import { currency, price, wholeNumber } from '#platform/options'

/** A price on the command line, as commander parses it. */
export interface PriceOptions {
  readonly price?: number
  readonly currency: string
}

/** Where clusters are, as told on the command line. */
export interface ClusterPlace {
  readonly target: TargetName
  /** Of target ssh: another file of hosts than that of the configuration. */
  readonly hosts?: string
}

/** What is asked of a cluster on the command line. */
export interface ClusterOptions extends ClusterPlace, PriceOptions {
  readonly name?: string
  readonly workers: number
  readonly threads?: number
  readonly term: number
  readonly idleExit: number
  readonly maxLifetime: number
  readonly maxPrice?: number
  readonly joinWithin: number
}

const longestSeconds = 2_147_483 // Node's longest timer

/** `--target`, as every command has it that rents or looks. */
export function targetOption(text: string): Option {
  return new Option('--target <name>', text).choices(targetNames)
}

/** `--hosts`, beside `--target`. */
export function hostsOption(): Option {
  return new Option('--hosts <file>', 'ssh: file of the hosts (default: BULLPEN_HOSTS, or hosts.json of BULLPEN_HOME)')
}

/** `--term`, for whoever renews it. */
export function addTermOption(command: Command): Command {
  return command.option(
    '--term <seconds>',
    'what is rented ends itself after so long unless renewed',
    wholeNumber(5, longestSeconds),
    1800,
  )
}

/** `--price` and `--currency`. */
export function addPriceOptions(command: Command, text: string): Command {
  return command
    .option('--price <amount>', text, price)
    .option('--currency <code>', 'the currency of --price', currency, 'USD')
}

/** Null: no price was given. */
export function givenPrice({ price: perHour, currency: code }: PriceOptions): HourlyPrice | null {
  return perHour === undefined ? null : { perHour, currency: code }
}

/** Adds what decides the size and the life of a cluster, but `--threads` and `--price`, which some commands have for themselves. */
export function addClusterOptions(command: Command): Command {
  return addTermOption(command)
    .option('--workers <n>', 'worker hosts (local: processes)', wholeNumber(1, 1000), 2)
    .option(
      '--idle-exit <seconds>',
      'a worker without a task leaves after so long',
      wholeNumber(1, longestSeconds),
      900,
    )
    .option(
      '--max-lifetime <seconds>',
      'everything ends itself after so long, renewed or not',
      wholeNumber(1, longestSeconds),
      86_400,
    )
    .option('--max-price <number>', 'most that an hour of a worker may cost (default: what the target says)', maxPrice)
    .option(
      '--join-within <seconds>',
      'how long workers are waited for; what spot has not given by then is taken on demand, below --max-price',
      wholeNumber(1, 86_400),
      300,
    )
}

export function upRequest(cluster: string, options: ClusterOptions): UpRequest {
  const { workers, threads, term, idleExit, maxLifetime, joinWithin } = options
  return {
    cluster,
    workers,
    threads: threads ?? null,
    termMs: term * 1000,
    joinMs: joinWithin * 1000,
    idleExitSeconds: idleExit,
    maxLifetimeSeconds: maxLifetime,
    maxPricePerHour: options.maxPrice ?? null,
    price: givenPrice(options),
  }
}

/** Throws USAGE for what cannot be the name of a cluster. */
export function clusterName(name: string): string {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(name)) return name
  const reason = `a cluster is named by 1 to 31 small letters, digits and dashes, a letter first, not ${name}`
  throw new BullpenError('USAGE', { reason })
}

function maxPrice(text: string): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value
  throw new BullpenError('USAGE', { reason: '--max-price takes a number above 0' })
}
