import { workerData } from 'node:worker_threads'
import { openBooster } from '#platform/xgboost'
import { featureShard } from '../tasks/feature-shard.ts'
import { features } from '../tasks/features.ts'
import { fit } from '../tasks/fit.ts'
import { fold } from '../tasks/fold.ts'
import { importance } from '../tasks/importance.ts'
import { noiseCurve } from '../tasks/noise-curve.ts'
import type { ThreadConfig } from '../thread-messages.ts'
import { serveThread, type TaskBodies } from './serve-thread.ts'
import { ThreadState } from './thread-state.ts'

const { engine } = workerData as ThreadConfig
/** Every task there is but users' own, which have threads of their own. */
const bodies = {
  features,
  'feature-shard': featureShard,
  fit,
  fold,
  importance,
  'noise-curve': noiseCurve,
} satisfies Required<Omit<TaskBodies<ThreadState>, 'own'>>

/** What a pool thread does with each request. */
export const run = serveThread(bodies, new ThreadState(() => openBooster(engine)))
