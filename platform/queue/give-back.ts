import { kindOf } from '#core/protocol'
import type { Telling } from './batch-tasks.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import type { HeldTask } from './held-task.ts'
import { publishHints } from './hint-channel.ts'

/** Gives leases back unused. With `tell` others are told of the tasks. Those of a cancelled run end by it, hence hints. */
export async function giveBack(
  { ledger, link, teller }: ConsumerSettings,
  given: readonly HeldTask[],
  tell: boolean,
): Promise<void> {
  try {
    await ledger.release(given.map(({ lease }) => lease.token))
  } catch {
    return // the ledger is away: the leases lapse
  }
  if (tell) await teller.tell(given.map(tellingOf), { isBack: true })
  await publishHints(
    link,
    given.map(({ lease }) => lease.task),
  )
}

/** The task as it was before it was leased. */
export function tellingOf({ lease: { task, attempt } }: HeldTask): Telling {
  return { id: task.id, kind: kindOf(task), priority: task.priority, attempts: attempt - 1 }
}
