import { workerData } from 'node:worker_threads'
import { openBooster } from '#platform/xgboost'
import { serveThread } from '../workers/thread/serve-thread.ts'
import { ThreadState } from '../workers/thread/thread-state.ts'
import type { ThreadConfig } from '../workers/thread-messages.ts'

/** Words from one memory page to the next. */
const page = 512

/** Threads whose `features` task touches every page of its candles and does nothing else. */
export const run = serveThread(
  {
    features: ({ payload }, { candles }) => {
      const words = new Float64Array(candles)
      let sum = 0
      for (let i = 0; i < words.length; i += page) sum += words[i]!
      return { result: { table: payload.candles, rows: Math.round(sum), columns: 1 } }
    },
  },
  new ThreadState(() => openBooster((workerData as ThreadConfig).engine)),
)
