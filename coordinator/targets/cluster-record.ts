import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { writeAtomically } from '#platform/files'

const schema = Type.Object({
  redisPort: Type.Integer({ minimum: 1, maximum: 65_535 }),
  processes: Type.Record(
    Type.String(),
    Type.Object({ rental: Type.String(), generation: Type.Integer({ minimum: 1 }) }),
  ),
})

/** What a cluster's stack was made from last, kept in the cluster's folder. */
export type ClusterRecord = Static<typeof schema>

/** Null when there is none. One that is not whole is none: its processes are then started anew. */
export async function readClusterRecord(folder: string): Promise<ClusterRecord | null> {
  try {
    const record: unknown = JSON.parse(await readFile(join(folder, 'cluster.json'), 'utf8'))
    return Value.Check(schema, record) ? record : null
  } catch {
    return null
  }
}

export function writeClusterRecord(folder: string, record: ClusterRecord): Promise<void> {
  return writeAtomically(join(folder, 'cluster.json'), JSON.stringify(record))
}

/**
 * The generation of each process: one more for what was there and is dead, the same for what lives. Terraform does not
 * see that a process has died; a new generation makes it replace that one and nothing else.
 */
export function nextGenerations(
  rentals: ReadonlyMap<string, string>,
  before: ClusterRecord['processes'],
  living: ReadonlySet<string>,
): ClusterRecord['processes'] {
  const next = [...rentals].map(([name, rental]) => {
    const known = before[name]
    if (known?.rental !== rental) return [name, { rental, generation: 1 }] as const
    return [name, { rental, generation: known.generation + (living.has(rental) ? 0 : 1) }] as const
  })
  return Object.fromEntries(next)
}
