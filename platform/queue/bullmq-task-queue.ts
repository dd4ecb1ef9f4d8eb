import { BullpenError } from '#core/errors'
import { checkTask, kindOf } from '#core/protocol'
import type { ConsumeOptions, Consumer, Task, TaskHandler, TaskOutcome, TaskQueue } from '#core/protocol'
import { ControlChannel, type Control } from './control-channel.ts'
import { Durations } from './durations.ts'
import { publishHints } from './hint-channel.ts'
import { Maintainer } from './maintainer.ts'
import { OutcomeFeed } from './outcome-feed.ts'
import { RedisLink } from './redis-link.ts'
import { TaskConsumer } from './task-consumer.ts'
import type { OpenTaskQueueOptions } from './task-queue-options.ts'
import { Teller } from './teller.ts'

/** Tasks added in one transaction. */
const addSize = 1000

/**
 * The task queue of many machines. What is true about tasks stands in the ledger; Redis only says, quickly, what to
 * look at: BullMQ jobs name tasks that wait, hints name tasks that ended, control messages name runs to stop. Anything
 * Redis loses is said again, so its loss costs time and never a task.
 *
 *     open --> open, Redis away --> open      any --close--> draining --> closed
 *
 * Priorities count as whole numbers from -500,000 to 500,000.
 */
export class BullmqTaskQueue implements TaskQueue {
  readonly #options: OpenTaskQueueOptions
  readonly #link: RedisLink
  readonly #durations = new Durations()
  readonly #teller: Teller
  readonly #consumers = new Set<TaskConsumer>()
  readonly #feeds = new Map<OutcomeFeed, string>()
  #control!: ControlChannel
  #maintainer!: Maintainer
  #closing: Promise<void> | undefined

  private constructor(options: OpenTaskQueueOptions, link: RedisLink) {
    this.#options = options
    this.#link = link
    const { route, onNote, telemetry, batchMs = 250 } = options
    this.#teller = new Teller({ link, route, onNote, telemetry, batchMs, durations: this.#durations })
  }

  /** {@link openTaskQueue} says what it takes and throws. */
  static async open(options: OpenTaskQueueOptions): Promise<BullmqTaskQueue> {
    const { url, tls, connectTimeoutMs, onNote, ledger, route } = options
    const link = await RedisLink.open({ url, tls, connectTimeoutMs, onNote })
    try {
      const queue = new BullmqTaskQueue(options, link)
      await queue.#teller.ready().catch((error: unknown) => {
        throw new BullpenError('QUEUE_UNAVAILABLE', { queue: link.describe, reason: link.reasonOf(error) })
      })
      queue.#durations.learn(await ledger.meanDurations())
      queue.#control = await ControlChannel.open({
        link,
        route,
        ackTimeoutMs: options.ackTimeoutMs ?? 1000,
        onControl: (message) => queue.#onControl(message),
      })
      queue.#maintainer = new Maintainer({
        link,
        ledger,
        route,
        onNote,
        teller: queue.#teller,
        everyMs: options.maintainEveryMs ?? 1000,
        retellAfterMs: options.retellAfterMs ?? 30_000,
        ownThreads: () => [...queue.#consumers].reduce((sum, { concurrency }) => sum + concurrency, 0),
      })
      return queue
    } catch (error) {
      link.close()
      throw error
    }
  }

  /** Address of Redis without user name and password. */
  get describe(): string {
    return this.#link.describe
  }

  async enqueue(tasks: readonly Task[]): Promise<void> {
    this.#assertOpen()
    tasks.forEach(checkTask)
    const unique = [...new Map(tasks.toReversed().map((task) => [task.id, task])).values()].reverse()
    for (let i = 0; i < unique.length; i += addSize) {
      const part = unique.slice(i, i + addSize)
      const fresh = new Set(await this.#options.ledger.add(part, this.#options.route))
      for (const [feed] of this.#feeds) feed.unsee([...fresh])
      const telling = part
        .filter(({ id }) => fresh.has(id))
        .map((task) => ({ id: task.id, kind: kindOf(task), priority: task.priority, attempts: 0 }))
      await this.#teller.tell(telling, { threads: this.#maintainer.threads })
    }
  }

  onOutcome(runId: string, listener: (outcome: TaskOutcome) => void): () => void {
    const { ledger, pollMs = 2000 } = this.#options
    const feed = new OutcomeFeed({ runId, ledger, link: this.#link, listener, pollMs })
    this.#feeds.set(feed, runId)
    return () => {
      this.#feeds.delete(feed)
      feed.end()
    }
  }

  async cancel(runId: string, { running } = { running: 'abort' as 'abort' | 'finish' }): Promise<void> {
    const ended = await this.#options.ledger.cancel(runId, running)
    await publishHints(
      this.#link,
      ended.map((id) => ({ id, runId })),
    )
    await this.#tell({ type: 'cancel', runId, running })
  }

  consume(handler: TaskHandler, options: ConsumeOptions): Consumer {
    this.#assertOpen()
    const { ledger, route, onNote, telemetry } = this.#options
    const settings = {
      ledger,
      route,
      onNote,
      telemetry,
      link: this.#link,
      teller: this.#teller,
      durations: this.#durations,
      onHungry: (from: string) => {
        this.#control.call({ type: 'hungry', from })
      },
      leaseTtlMs: this.#options.leaseTtlMs ?? 30_000,
      idleAskMs: this.#options.idleAskMs ?? 1000,
      prefetchMs: this.#options.prefetchMs ?? 50,
    }
    const consumer = new TaskConsumer(settings, handler, options)
    this.#consumers.add(consumer)
    const left = () => {
      this.#consumers.delete(consumer)
    }
    return {
      drain: () => consumer.drain().then(left),
      handBack: () => consumer.handBack().then(left),
    }
  }

  async reopen(runId: string): Promise<void> {
    await this.#options.ledger.reopen(runId)
  }

  async forget(runId: string): Promise<void> {
    await this.#options.ledger.forget(runId)
    await this.#tell({ type: 'forget', runId })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.drain()))
    this.#consumers.clear()
    await this.#maintainer.stop()
    // What cannot be read now comes to whoever subscribes next.
    await Promise.all([...this.#feeds.keys()].map((feed) => feed.finish().catch(() => undefined)))
    this.#feeds.clear()
    this.#control.close()
    await this.#teller.close()
    this.#link.close()
  }

  /** To every process, and to this one even when Redis is away. */
  async #tell(message: Control): Promise<void> {
    await Promise.all([this.#onControl(message), this.#control.tell(message)])
  }

  async #onControl(message: Control): Promise<void> {
    const consumers = [...this.#consumers]
    if (message.type === 'hungry') {
      for (const consumer of consumers) if (consumer.worker !== message.from) consumer.shareWork()
      return
    }
    const running = message.type === 'forget' ? 'forget' : message.running
    await Promise.all(consumers.map((consumer) => consumer.stopRun(message.runId, running)))
  }

  #assertOpen(): void {
    if (this.#closing) throw new BullpenError('QUEUE_CLOSED')
  }
}
