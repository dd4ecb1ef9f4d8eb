import { Queue, Worker } from 'bullmq'
import { RedisLink, type RedisLinkOptions } from './redis-link.ts'
import { keyPrefix } from './teller.ts'

export interface AlarmOptions extends Pick<RedisLinkOptions, 'url' | 'tls' | 'connectTimeoutMs' | 'onNote'> {
  /** Alarms of one name ring at one of those who share it. */
  readonly name: string
  /** Five fields, in UTC. */
  readonly cron: string
  readonly onRing: () => void
}

/** A clock on Redis that rings at one of those who wait for it. */
export interface Alarm {
  /** Address of Redis without user name and password. */
  readonly describe: string
  close(): Promise<void>
}

/**
 * Rings when a cron expression says so, by BullMQ's job scheduler. It only wakes: an alarm that rings twice, late or
 * never, because Redis was away or lost its data, is nothing to rely on. Throws USAGE, QUEUE_UNAVAILABLE.
 */
export async function openAlarm({ name, cron, onRing, ...options }: AlarmOptions): Promise<Alarm> {
  const link = await RedisLink.open(options)
  const queueName = `alarm-${name}`
  const connection = { connection: link.client, prefix: keyPrefix }
  const queue = new Queue(queueName, { ...connection, skipMetasUpdate: true })
  const ring = () => {
    onRing()
    return Promise.resolve()
  }
  const worker = new Worker(queueName, ring, { ...connection, drainDelay: 2, runRetryDelay: 500 })
  // RedisLink tells of lost connections.
  queue.on('error', () => undefined)
  worker.on('error', () => undefined)
  const set = () =>
    queue.upsertJobScheduler(
      'due',
      { pattern: cron, tz: 'UTC' },
      { name: 'due', opts: { removeOnComplete: true, removeOnFail: true } },
    )
  // A Redis that came back without its data has forgotten the clock.
  link.onBack(() => void set().catch(() => undefined))
  try {
    await set()
  } catch (error) {
    await close()
    throw error
  }
  return { describe: link.describe, close }

  async function close(): Promise<void> {
    await Promise.allSettled([worker.close(true), queue.close()])
    link.close()
  }
}
