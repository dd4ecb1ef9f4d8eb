import { runNoiseCurve } from '#core/selection'
import type { TaskBody } from '../thread/serve-thread.ts'
import { viewsOf } from './table-data.ts'

/** The cumulative noise curve down a ranking of a model's columns. */
export const noiseCurve: TaskBody<'noise-curve'> = ({ payload }, data, thread) => {
  const forest = thread.forest(payload.model, data.model)
  const { curve, positiveShare } = runNoiseCurve({ ...payload, ...viewsOf(data), forest })
  return { result: { curve: [...curve], positiveShare } }
}
