import { runFit } from '#core/trials'
import type { TaskBody } from '../thread/serve-thread.ts'
import { viewsOf } from './table-data.ts'

/** One fit; its model JSON becomes an object. */
export const fit: TaskBody<'fit'> = async ({ key, payload }, data, thread) => {
  const booster = await thread.booster()
  const { json, rounds, fitMs } = runFit({ ...payload, ...viewsOf(data), booster, where: key })
  const bytes = new TextEncoder().encode(json)
  return { result: { bytes: bytes.length, rounds, fitMs }, object: { as: 'model', bytes } }
}
