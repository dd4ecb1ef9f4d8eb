import { runFold } from '#core/trials'
import type { TaskBody } from '../thread/serve-thread.ts'
import { viewsOf } from './table-data.ts'

/** Fits a fold's training rows and scores its test rows. */
export const fold: TaskBody<'fold'> = async ({ key, payload }, data, thread) => {
  const booster = await thread.booster()
  return { result: runFold({ ...payload, ...viewsOf(data), booster, where: key }) }
}
