import type { Json } from '#core/protocol'
import type { OwnThreadConfig } from '../thread-messages.ts'

/** What a task module gets besides its input. */
export interface OwnTaskContext {
  /** Bytes of `map`'s shared data, in the same order: one memory for all threads of the agent. Never write to it. */
  readonly shared: readonly Uint8Array[]
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Aborts when the attempt is to stop: its time is up, or nobody wants it any more. A quarter second later its thread is ended. */
  readonly signal: AbortSignal
}

/** What a task module exports as `run`. An error it throws with `retryable: true` is tried again. */
export type OwnTaskRun = (input: Json, context: OwnTaskContext) => unknown

/** The modules of a thread's closed list, each imported once. */
export class OwnModules {
  private readonly urls: Readonly<Record<string, string>>
  private readonly loaded = new Map<string, Promise<OwnTaskRun>>()

  /** Where this thread hears that an attempt is to stop. */
  readonly abortChannel: string

  constructor({ modules, abortChannel }: OwnThreadConfig) {
    this.urls = modules
    this.abortChannel = abortChannel
  }

  /** Loads every module; answers what is wrong with them, nothing when all can be used. */
  async hello(): Promise<string[]> {
    const problems = await Promise.all(
      Object.keys(this.urls).map((name) =>
        this.run(name).then(
          () => [],
          (error: unknown) => [`${name}: ${error instanceof Error ? error.message : String(error)}`],
        ),
      ),
    )
    return problems.flat()
  }

  /** The `run` of a module of the list. */
  run(name: string): Promise<OwnTaskRun> {
    const known = this.loaded.get(name) ?? this.load(name)
    this.loaded.set(name, known)
    return known
  }

  private async load(name: string): Promise<OwnTaskRun> {
    const url = Object.hasOwn(this.urls, name) ? this.urls[name] : undefined
    if (url === undefined) throw new Error('it is not in the list')
    const { run } = (await import(url)) as { readonly run?: unknown }
    if (typeof run !== 'function') throw new Error(`${url} exports no function run`)
    return run as OwnTaskRun
  }
}
