import { workerData } from 'node:worker_threads'
import { BullpenError } from '#core/errors'
import { openBooster } from '#platform/xgboost'
import { features } from '../tasks/features.ts'
import type { ThreadConfig } from '../thread-messages.ts'
import { serveThread, type TaskBodies } from './serve-thread.ts'
import { ThreadState } from './thread-state.ts'

const notYet = () => {
  throw new BullpenError('INTERNAL', { reason: 'this task has no body yet' })
}
const bodies: TaskBodies = { features, fit: notYet, fold: notYet, importance: notYet, 'noise-curve': notYet }
const { engine } = workerData as ThreadConfig

/** What a pool thread does with each request. */
export const run = serveThread(bodies, new ThreadState(() => openBooster(engine)))
