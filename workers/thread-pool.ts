import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { BullpenError, fromErrorData } from '#core/errors'
import {
  subjectOf,
  type OwnThreadConfig,
  type ThreadConfig,
  type ThreadReply,
  type ThreadRequest,
} from './thread-messages.ts'

export interface ThreadPoolOptions {
  readonly threads: number
  /** A module that exports `run(request: ThreadRequest): Promise<ThreadReply>`. */
  readonly module: URL
  readonly config: ThreadConfig | OwnThreadConfig
  /** Heap limit of one thread, MB; Node's own when absent. Shared memory and the booster's are outside it. */
  readonly threadMemoryMb?: number | undefined
}

export type ThreadSuccess = Extract<ThreadReply, { ok: true }>

/**
 * Threads that answer requests, one at a time each. A thread that dies takes only its own request with it
 * (WORKER_CRASHED) and is replaced.
 */
export class ThreadPool {
  private readonly pool: Piscina<ThreadRequest, ThreadReply>
  /** Threads that have not exited: a request that was aborted leaves its thread dying after it has been answered. */
  private readonly alive = new Set<Worker>()
  private isClosed = false

  constructor({ threads, module, config, threadMemoryMb }: ThreadPoolOptions) {
    this.pool = new Piscina({
      filename: fileURLToPath(new URL('./thread/thread-entry.cjs', import.meta.url)),
      argv: [module.href],
      name: 'run',
      minThreads: threads,
      maxThreads: threads,
      workerData: config,
      ...(threadMemoryMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: threadMemoryMb } }),
    })
    this.pool.on('workerCreate', () => {
      this.track()
    })
    // Without a listener Node would end the process for a thread that died with nothing to do.
    this.pool.on('error', (error: Error) => {
      // The answer to a task that was given up can still be on its way when its thread ends: nobody waits for it.
      if (error.message.startsWith('Unexpected message from Worker')) return
      process.emitWarning(`a pool thread died while idle: ${error.message}`)
    })
    this.track()
  }

  /**
   * Runs one request. An abort terminates the thread, for nothing else ends a synchronous fit; a library call in
   * progress ends first. Throws the signal's reason, WORKER_CRASHED, or what the thread answered with.
   */
  async run(request: ThreadRequest, signal?: AbortSignal): Promise<ThreadSuccess> {
    const reply = await this.post(request, signal)
    if (reply.ok) return reply
    throw fromErrorData(reply.error)
  }

  /** Ends every thread, busy or not, and resolves when the last has exited. */
  async close(): Promise<void> {
    this.isClosed = true // piscina would start new threads for a request that comes later
    this.track()
    await this.pool.destroy()
    await Promise.all([...this.alive].map((thread) => thread.terminate()))
  }

  private async post(request: ThreadRequest, signal?: AbortSignal): Promise<ThreadReply> {
    signal?.throwIfAborted()
    if (this.isClosed) throw crashed(request, 'the pool is closed')
    try {
      return await this.pool.run(request, signal ? { signal } : {})
    } catch (error) {
      signal?.throwIfAborted()
      throw crashed(request, error instanceof Error ? error.message : String(error))
    } finally {
      this.track()
    }
  }

  private track(): void {
    for (const thread of this.pool.threads) {
      if (this.alive.has(thread)) continue
      this.alive.add(thread)
      thread.once('exit', () => this.alive.delete(thread))
    }
  }
}

function crashed(request: ThreadRequest, reason: string): BullpenError {
  return new BullpenError('WORKER_CRASHED', { task: subjectOf(request), reason })
}
