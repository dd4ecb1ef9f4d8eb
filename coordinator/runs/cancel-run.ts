import { setTimeout as sleep } from 'node:timers/promises'
import { BullpenError, toErrorData } from '#core/errors'
import type { TaskLedger } from '#core/protocol'
import type { RunState, RunStore } from '#core/registry'
import { describeHolder, isDeadHere, takeRun } from '../holds/index.ts'

export interface CancelRunOptions {
  readonly runs: Pick<
    RunStore,
    'get' | 'hold' | 'holder' | 'renewHold' | 'releaseHold' | 'requestCancel' | 'transition'
  >
  readonly ledger: Pick<TaskLedger, 'cancel'>
  readonly runId: string
  readonly note: (text: string) => void
  readonly signal: AbortSignal
  readonly pollMs?: number
}

/** What became of the run. */
export interface Cancellation {
  readonly run: string
  readonly state: RunState
  /** False when it had ended before. */
  readonly cancelled: boolean
}

const ended: readonly RunState[] = ['done', 'failed', 'interrupted']

/**
 * Stops a run. Its coordinator is asked through the run's record, and hears of it at its next renewal; when there is
 * none, or it dies meanwhile, the run is taken and marked here. Its tasks on shared queues are aborted either way.
 */
export async function cancelRun(options: CancelRunOptions): Promise<Cancellation> {
  const { runs, ledger, runId, note, signal, pollMs = 500 } = options
  let wasAsked = false
  for (;;) {
    const { state } = await runs.get(runId)
    const holder = await runs.holder(runId)
    if (state === 'done' || (ended.includes(state) && holder === null)) {
      await ledger.cancel(runId, 'abort')
      return { run: runId, state, cancelled: wasAsked && state !== 'done' }
    }
    const isHeld = await runs.requestCancel(runId)
    if (!isHeld || (holder && isDeadHere(holder.holder))) {
      if (await markHere(options)) wasAsked = true
      continue
    }
    if (!wasAsked && holder) note(`asked ${describeHolder(holder.holder)} to stop; it hears of it within seconds`)
    wasAsked = true
    await sleep(pollMs, undefined, { signal }).catch(() => {
      throw signal.reason
    })
  }
}

/** Marks a run that nobody works on; false when somebody was faster. */
async function markHere(options: CancelRunOptions): Promise<boolean> {
  const { runs, runId } = options
  try {
    const hold = await takeRun(options)
    try {
      const error = toErrorData(new BullpenError('INTERRUPTED', { reason: 'cancelled with bullpen runs cancel' }))
      await runs.transition(runId, 'interrupted', { error }, hold.token)
    } finally {
      await hold.release()
    }
    return true
  } catch (error) {
    if (error instanceof BullpenError && error.code === 'RUN_HELD') return false
    throw error
  }
}
