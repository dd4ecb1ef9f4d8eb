import { parentPort, workerData } from 'node:worker_threads'
import { toErrorData, type ErrorData } from '#core/errors'
import { Forest, type LaidOutForest } from '#core/model'

/** What the thread answers: the forest, whose arrays are handed over, or what is wrong with the model. */
export type ForestAnswer = { readonly forest: LaidOutForest } | { readonly error: ErrorData }

try {
  const { objective, columns, groups, baseMargins, nodes } = Forest.fromXgboostJson(
    new TextDecoder().decode(workerData as Uint8Array),
  )
  const forest: LaidOutForest = { objective, columns, groups, baseMargins, nodes }
  const arrays = [baseMargins, ...(Object.values(nodes) as Float32Array[])].map(({ buffer }) => buffer as ArrayBuffer)
  parentPort!.postMessage({ forest } satisfies ForestAnswer, arrays)
} catch (error) {
  parentPort!.postMessage({ error: toErrorData(error) } satisfies ForestAnswer)
}
