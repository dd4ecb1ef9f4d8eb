import type { openQueueForPages, QueueForPages } from '#platform/queue'
import type { BoardQueue } from '../admin/index.ts'

type QueueAddress = Parameters<typeof openQueueForPages>[1] & { readonly route: string }

/** Shared queues as the admin port looks at them: a connection each, made when someone looks for the first time. */
export class QueuePages {
  private readonly opened = new Map<
    string,
    { readonly address: QueueAddress; queue?: Promise<QueueForPages> | undefined }
  >()

  /** A queue that may be looked at from now on. */
  add(address: QueueAddress): void {
    if (!this.opened.has(address.route)) this.opened.set(address.route, { address })
  }

  /** Throws QUEUE_UNAVAILABLE; asked again it tries again. */
  async queues(): Promise<readonly BoardQueue[]> {
    const found = await Promise.all([...this.opened.keys()].map((route) => this.open(route)))
    return found.map(({ queue }) => queue)
  }

  async close(): Promise<void> {
    const queues = [...this.opened.values()].flatMap(({ queue }) => queue ?? [])
    this.opened.clear()
    for (const opening of queues) await opening.then((queue) => queue.close()).catch(() => undefined)
  }

  private open(route: string): Promise<QueueForPages> {
    const known = this.opened.get(route)!
    known.queue ??= import('#platform/queue')
      .then(({ openQueueForPages }) => openQueueForPages(route, known.address))
      .catch((error: unknown) => {
        delete known.queue
        throw error
      })
    return known.queue
  }
}
