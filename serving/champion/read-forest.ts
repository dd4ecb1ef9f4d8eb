import { Worker } from 'node:worker_threads'
import { BullpenError, fromErrorData } from '#core/errors'
import { Forest } from '#core/model'
import type { ForestAnswer } from './forest-thread.ts'

/** Makes a forest of the JSON of XGBoost. Rejects with MODEL_INVALID. */
export type ReadForest = (json: Uint8Array) => Promise<Forest>

/** In this thread, which answers nobody meanwhile: 25 ms for 900 trees. */
export const readForestHere: ReadForest = (json) =>
  Promise.resolve().then(() => Forest.fromXgboostJson(new TextDecoder().decode(json)))

/**
 * In a thread of its own, so that requests are answered meanwhile. The thread is made for one model: swaps are rare, and
 * a thread kept for them would cost 10 MB. What it has laid out is handed over, not copied.
 */
export const readForestInThread: ReadForest = (json) =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./forest-thread.js', import.meta.url), { workerData: json })
    thread.once('message', (answer: ForestAnswer) => {
      if ('forest' in answer) resolve(new Forest(answer.forest))
      else reject(fromErrorData(answer.error))
    })
    thread.once('error', reject)
    thread.once('exit', (status) => {
      reject(new BullpenError('MODEL_INVALID', { reason: `the thread that read it ended with status ${status}` }))
    })
  })
