import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { writeAtomically } from '#platform/files'

const schema = Type.Object({
  id: Type.String(),
  cluster: Type.String(),
  pid: Type.Integer({ minimum: 1 }),
  startedAt: Type.Integer(),
  endsAt: Type.Integer(),
})

/** What a keeper says of itself in its folder. Times are ms since the epoch. */
export type KeeperFile = Static<typeof schema>

export function writeKeeperFile(folder: string, content: KeeperFile): Promise<void> {
  return writeAtomically(join(folder, 'keeper.json'), JSON.stringify(content))
}

/** Null when there is none, or none that a keeper wrote. */
export async function readKeeperFile(folder: string): Promise<KeeperFile | null> {
  try {
    const content: unknown = JSON.parse(await readFile(join(folder, 'keeper.json'), 'utf8'))
    return Value.Check(schema, content) ? content : null
  } catch {
    return null
  }
}
