import { BullpenError } from '#core/errors'
import { ownModuleName } from '#core/protocol'
import type { OwnTaskContext } from '#workers'

/** A task module's `run`, as a type: `pool.map<typeof run>(...)` then knows inputs and outputs. */
export type OwnTask = (input: never, context: OwnTaskContext) => unknown

/** What is known of a task whose type is not given. */
export type AnyTask = (input: unknown, context: OwnTaskContext) => unknown

export type InputOf<T extends OwnTask> = Parameters<T>[0]
/** What arrives of an output: it has been JSON on its way, and nothing becomes null. */
export type OutputOf<T extends OwnTask> = Awaited<ReturnType<T>>

/** Data put into the object store once, for tasks to read from memory that an agent's threads share. */
export interface SharedData {
  readonly sha256: string
  readonly bytes: number
}

export interface MapOptions {
  /** Items at most between the source and the reader of results: waiting, running, or not read yet. 1 to 50,000; default 256. */
  readonly concurrency?: number
  /** Wall-clock limit of one attempt, ms; default 60,000. */
  readonly timeout?: number
  /** Further attempts after an error that may pass: a lost or crashed worker, a timeout, an error marked `retryable`. 0 to 100; default 2. */
  readonly retries?: number
  /** Results in the order of items (the default), or as they come. */
  readonly ordered?: boolean
  /** At most 64; a task gets their bytes as `context.shared`, in this order. */
  readonly shared?: readonly SharedData[]
  /** Ends the map with the signal's reason. */
  readonly signal?: AbortSignal
  /** Whether a failed item ends the map with ITEM_FAILED (the default) or is a result like others. */
  readonly onError?: 'throw' | 'yield'
}

export interface MapSuccess<O> {
  readonly ok: true
  /** Position of the item in the source, from 0. */
  readonly index: number
  readonly output: O
  /** Attempts made. */
  readonly attempts: number
  /** Who ran the last attempt. */
  readonly worker: string
}

export interface MapFailure {
  readonly ok: false
  readonly index: number
  readonly error: BullpenError
  readonly attempts: number
  readonly worker: string
}

export type MapResult<O> = MapSuccess<O> | MapFailure

/** Options with defaults, checked. */
export type MapSettings = Required<Omit<MapOptions, 'signal' | 'shared'>> & {
  readonly module: string
  readonly shared: readonly string[]
  readonly signal: AbortSignal | undefined
}

/** Throws USAGE for the first option that is out of its range. */
export function mapSettings(module: string, options: MapOptions): MapSettings {
  const { concurrency = 256, timeout = 60_000, retries = 2, ordered = true, onError = 'throw' } = options
  const { shared = [], signal } = options
  if (!new RegExp(ownModuleName).test(module)) usage(`${module} is not the name of a task`)
  requireWhole('concurrency', concurrency, 1, 50_000)
  requireWhole('timeout', timeout, 1, 2 ** 31 - 1)
  requireWhole('retries', retries, 0, 100)
  if (shared.length > 64) usage(`a task can share 64 pieces of data, not ${shared.length}`)
  return { module, concurrency, timeout, retries, ordered, onError, shared: shared.map(({ sha256 }) => sha256), signal }
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  usage(`${name} is ${value}, not a whole number from ${least} to ${most}`)
}

function usage(reason: string): never {
  throw new BullpenError('USAGE', { reason })
}
