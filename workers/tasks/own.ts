import { BullpenError } from '#core/errors'
import { jsonProblem, type Json } from '#core/protocol'
import { AttemptSignal } from '../thread/attempt-signal.ts'
import type { OwnModules, OwnTaskContext } from '../thread/own-modules.ts'
import type { TaskBody } from '../thread/serve-thread.ts'

/** Longest message of a user's error that travels. */
const maxReason = 2000

/** Runs a module of the operator's list on one input. */
export const own: TaskBody<'own', OwnModules> = async ({ id, payload }, { shared }, modules, attempt) => {
  const run = await modules.run(payload.module)
  const ending = new AttemptSignal(modules.abortChannel, id, attempt)
  let output: unknown
  try {
    output = (await run(payload.input as Json, contextOf(shared, attempt, ending))) ?? null
  } catch (error) {
    throw failure(id, error)
  } finally {
    ending.close()
  }
  const problem = jsonProblem(output)
  if (problem !== undefined) {
    throw new BullpenError('TASK_FAILED', { task: id, reason: `its output is not JSON: ${problem}` })
  }
  return { result: { output } }
}

function contextOf(shared: readonly SharedArrayBuffer[], attempt: number, ending: AttemptSignal): OwnTaskContext {
  return {
    shared: shared.map((memory) => new Uint8Array(memory)),
    attempt,
    get signal() {
      return ending.signal
    },
  }
}

function failure(task: string, thrown: unknown): BullpenError {
  const reason = (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)).slice(0, maxReason)
  const mayPass = (thrown as { retryable?: unknown } | null | undefined)?.retryable === true
  return new BullpenError(mayPass ? 'TASK_FAILED_FOR_NOW' : 'TASK_FAILED', { task, reason })
}
