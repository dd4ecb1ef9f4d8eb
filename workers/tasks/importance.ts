import { runImportance } from '#core/selection'
import type { TaskBody } from '../thread/serve-thread.ts'
import { viewsOf } from './table-data.ts'

/** Permutation importance of some columns of a model. */
export const importance: TaskBody<'importance'> = ({ payload }, data, thread) => {
  const forest = thread.forest(payload.model, data.model)
  const judged = runImportance({ ...payload, ...viewsOf(data), forest })
  return { result: { baseline: judged.baseline, importance: [...judged.importance] } }
}
