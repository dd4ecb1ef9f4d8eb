import { Queue } from 'bullmq'
import type { Route } from '#core/protocol'
import { RedisLink, type RedisLinkOptions } from './redis-link.ts'
import { keyPrefix } from './teller.ts'

/** The BullMQ queue of a route as pages such as bull-board's want it. */
export interface QueueForPages {
  readonly queue: Queue
  /** Address of Redis without user name and password. */
  readonly describe: string
  close(): Promise<void>
}

/**
 * Opens a route's queue for looking at it; nothing is told or taken. Jobs only say which tasks wait: deleting or
 * retrying one on a page loses nothing, it is told again from the ledger. Throws USAGE, QUEUE_UNAVAILABLE.
 */
export async function openQueueForPages(
  route: Route,
  options: Pick<RedisLinkOptions, 'url' | 'tls' | 'connectTimeoutMs' | 'onNote'>,
): Promise<QueueForPages> {
  const link = await RedisLink.open(options)
  const queue = new Queue(route, { connection: link.client, prefix: keyPrefix, skipMetasUpdate: true })
  queue.on('error', () => undefined) // RedisLink tells of lost connections
  return {
    queue,
    describe: link.describe,
    close: async () => {
      await queue.close().catch(() => undefined)
      link.close()
    },
  }
}
