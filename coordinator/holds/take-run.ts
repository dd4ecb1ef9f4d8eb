import { setTimeout as sleep } from 'node:timers/promises'
import { BullpenError } from '#core/errors'
import type { RunStore } from '#core/registry'
import { areNeighbours, describeHolder, isDeadHere, thisHolder } from './holder-name.ts'
import { RunHold } from './run-hold.ts'

export interface TakeRunOptions {
  readonly runs: Pick<RunStore, 'hold' | 'holder' | 'renewHold' | 'releaseHold'>
  readonly runId: string
  /** Told what is waited for. */
  readonly note: (text: string) => void
  /** Ends the waiting with its reason. */
  readonly signal: AbortSignal
  /** See {@link RunHold}. */
  readonly ttlMs?: number
  readonly graceMs?: number
  readonly onRenewal?: (error: BullpenError | null) => void
  readonly holder?: string
  readonly isDead?: (holder: string) => boolean
  readonly pollMs?: number
}

/**
 * Takes a run for this process. A dead holder of this machine is taken over from at once; of a holder elsewhere nobody
 * knows whether it lives, so its hold is waited out, once: a holder that renews it is at work, which is RUN_HELD.
 */
export async function takeRun(options: TakeRunOptions): Promise<RunHold> {
  const { runs, runId, note, signal, onRenewal = () => undefined, ttlMs = 30_000, graceMs = 0, pollMs = 500 } = options
  const holder = options.holder ?? thisHolder()
  const isDead = options.isDead ?? ((other: string) => isDeadHere(other, holder))
  const grant = async (takeOverFrom?: string): Promise<RunHold> => {
    const token = await runs.hold(runId, holder, ttlMs, takeOverFrom === undefined ? {} : { takeOverFrom })
    return new RunHold({ runs, runId, token, ttlMs, graceMs, onRenewal })
  }
  const first = await runs.holder(runId)
  if (first === null) return told(grant())
  if (isDead(first.holder)) {
    note(`taking run ${runId} over from ${describeHolder(first.holder)}, which is dead`)
    return told(grant(first.holder))
  }
  if (areNeighbours(first.holder, holder)) return told(grant())
  note(`run ${runId} was held by ${describeHolder(first.holder)}: waiting for it to be heard of, or its hold to lapse`)
  for (;;) {
    await sleep(pollMs, undefined, { signal }).catch(() => {
      throw signal.reason
    })
    const now = await runs.holder(runId)
    if (now === null || now.holder !== first.holder || now.expiresAt > first.expiresAt) return told(grant())
  }
}

/** RUN_HELD names the holder as people do. */
async function told(granted: Promise<RunHold>): Promise<RunHold> {
  try {
    return await granted
  } catch (error) {
    if (!(error instanceof BullpenError) || error.code !== 'RUN_HELD') throw error
    const { holder } = error.details
    throw new BullpenError('RUN_HELD', { ...error.details, holder: describeHolder(String(holder)) }, { cause: error })
  }
}
