import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { limits } from '../app/limits.ts'
import type { ServiceState } from '../app/service-state.ts'

/**
 * Takes a service out of traffic: /ready says no for `noticeMs` while everything is still answered, then no connection
 * is taken, streams end, answers under way are finished, and what is not done after `limits.drainMs` is cut off.
 */
export async function drain(app: FastifyInstance, state: ServiceState, noticeMs: number): Promise<void> {
  state.draining()
  await pause(noticeMs)
  const cutOff = setTimeout(() => {
    app.server.closeAllConnections()
  }, limits.drainMs)
  try {
    await app.close()
  } finally {
    clearTimeout(cutOff)
  }
}
