import { Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { maxJobTasks } from './job-data.ts'
import type { RedisLink } from './redis-link.ts'

/** Ids of tasks that have just ended. */
const checker = TypeCompiler.Compile(
  Type.Array(Type.String({ minLength: 3, maxLength: 301 }), { minItems: 1, maxItems: maxJobTasks }),
)

/** Tells whoever listens to a run which tasks have ended; the outcomes themselves are in the ledger. Never rejects. */
export async function publishHints(
  link: RedisLink,
  ended: readonly { readonly id: string; readonly runId: string }[],
): Promise<void> {
  const byRun = new Map<string, string[]>()
  for (const { id, runId } of ended) {
    const ids = byRun.get(runId)
    if (ids) ids.push(id)
    else byRun.set(runId, [id])
  }
  const calls: Promise<unknown>[] = []
  for (const [runId, ids] of byRun) {
    for (let i = 0; i < ids.length; i += maxJobTasks) {
      calls.push(link.publish(hintChannel(runId), ids.slice(i, i + maxJobTasks)))
    }
  }
  await Promise.all(calls)
}

export function hintChannel(runId: string): string {
  return `bullpen-ended:${runId}`
}

/** The ids in a message; none when it is not one of ours. */
export function readHints(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text)
    return checker.Check(value) ? value : []
  } catch {
    return []
  }
}
