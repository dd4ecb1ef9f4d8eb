import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { writeAtomically } from '#platform/files'

const schema = Type.Object({
  /** Of the request that it was done for. */
  workers: Type.Integer(),
  /** Inputs of the stack that it changed. */
  changed: Type.Record(Type.String(), Type.Unknown()),
})

/** What a fallback has changed of a cluster's inputs, kept in its folder: another `up` for as many workers keeps to it. */
export type TakenOnDemand = Static<typeof schema>

/** Nothing for another number of workers, or where nothing whole is kept: the cloud then takes from spot again. */
export async function readTakenOnDemand(folder: string, workers: number): Promise<TakenOnDemand['changed']> {
  try {
    const taken: unknown = JSON.parse(await readFile(join(folder, 'on-demand.json'), 'utf8'))
    return Value.Check(schema, taken) && taken.workers === workers ? taken.changed : {}
  } catch {
    return {}
  }
}

export function writeTakenOnDemand(folder: string, taken: TakenOnDemand): Promise<void> {
  return writeAtomically(join(folder, 'on-demand.json'), JSON.stringify(taken))
}
