import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import type { FastifyPluginCallback } from 'fastify'
import type { BoardQueue } from './admin-sources.ts'

type BoardServer = Parameters<typeof createBullBoard>[0]['serverAdapter']

/**
 * Pages of the queues, to be registered under `path`. They only show: a job is a mere hint that tasks wait in
 * PostgreSQL, so retrying, promoting or removing one here would change nothing that is true, and confuse whoever did it.
 */
export function boardPlugin(queues: readonly BoardQueue[], path: string): FastifyPluginCallback {
  const adapter = new FastifyAdapter()
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    // The adapter brings a copy of the API of its own, one patch older, whose private members TypeScript tells apart.
    serverAdapter: adapter as unknown as BoardServer,
    options: { uiConfig: { boardTitle: 'bullpen queues' } },
  })
  // In place of the board's own, which answers with whatever an error says of itself.
  adapter.setErrorHandler(() => ({ status: 500, body: { error: 'the queues cannot be read' } }))
  adapter.setBasePath(path)
  return adapter.registerPlugin()
}
