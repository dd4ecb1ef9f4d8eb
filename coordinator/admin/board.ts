import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import type { FastifyPluginAsync } from 'fastify'
import { BullpenError } from '#core/errors'
import type { BoardQueue } from './admin-sources.ts'
import { answered } from './answered.ts'

interface BoardOptions {
  /** The queues there are now. */
  readonly queues: () => Promise<readonly BoardQueue[]>
  /** Where the pages are. */
  readonly path: string
  /** How long to wait for `queues`, ms. */
  readonly timeoutMs: number
}

type BoardServer = Parameters<typeof createBullBoard>[0]['serverAdapter']

/**
 * Pages of the queues. They only show: a job is a mere hint that tasks wait in PostgreSQL, so retrying, promoting or
 * removing one here would change nothing that is true, and confuse whoever did it.
 */
export function boardPlugin({ queues, path, timeoutMs }: BoardOptions): FastifyPluginAsync {
  const adapter = new FastifyAdapter()
  const board = createBullBoard({
    queues: [],
    // The adapter brings a copy of the API of its own, one patch older, whose private members TypeScript tells apart.
    serverAdapter: adapter as unknown as BoardServer,
    options: { uiConfig: { boardTitle: 'bullpen queues' } },
  })
  // In place of the board's own, which answers with whatever an error says of itself.
  adapter.setErrorHandler(() => ({ status: 500, body: { error: 'the queues cannot be read' } }))
  adapter.setBasePath(path)

  const shown = new Set<BoardQueue>()
  return async (app) => {
    app.addHook('preHandler', async () => {
      const found = await answered(queues, timeoutMs)
      if (!found.ok) throw new BullpenError('SERVICE_SLOW', { seconds: timeoutMs / 1000 })
      for (const queue of found.value) {
        if (shown.has(queue)) continue
        shown.add(queue)
        board.addQueue(new BullMQAdapter(queue, { readOnlyMode: true }))
      }
    })
    await app.register(adapter.registerPlugin())
  }
}
