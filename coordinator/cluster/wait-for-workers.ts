import { setTimeout as sleep } from 'node:timers/promises'
import { BullpenError } from '#core/errors'
import { trainingRoute, type Agent, type EngineRef } from '#core/protocol'
import { counted } from '../counted.ts'
import { duration } from '../durations.ts'
import { trainingOffers, type TrainingOffer } from './training-offers.ts'

export interface WaitForWorkersOptions {
  readonly agents: () => Promise<readonly Agent[]>
  /** `auto`, `native` or `wasm`. */
  readonly choice: string
  /** The engine a resumed run must go on with; the choice does not count then. */
  readonly pinned?: EngineRef | undefined
  /** How long to wait before NO_WORKERS, ms. */
  readonly limitMs: number
  readonly note: (text: string) => void
  readonly signal: AbortSignal
  readonly clock?: () => number
  readonly pollMs?: number
}

/**
 * The engine to train with: the pinned one, else of those chosen the one most threads of the fleet have. Waits until an
 * agent serves it. Throws NO_WORKERS, the reason of the signal.
 */
export async function waitForWorkers(options: WaitForWorkersOptions): Promise<TrainingOffer> {
  const { agents, choice, pinned, limitMs, note, signal, clock = () => performance.now(), pollMs = 500 } = options
  const wanted = pinned ? `${pinned.name} ${pinned.version}` : choice === 'auto' ? 'any engine' : choice
  const startedAt = clock()
  for (let isFirst = true; ; isFirst = false) {
    const offer = trainingOffers(await agents()).find(({ engine, route }) =>
      pinned ? route === trainingRoute(pinned) : choice === 'auto' || choice === engine.name,
    )
    if (offer) {
      note(describeOffer(offer, pinned !== undefined))
      return offer
    }
    if (clock() - startedAt >= limitMs) {
      const route = pinned ? trainingRoute(pinned) : `training with ${wanted}`
      throw new BullpenError('NO_WORKERS', { route, seconds: Math.round(limitMs / 1000) })
    }
    if (isFirst) note(`no agent serves training with ${wanted} yet: waiting up to ${duration(limitMs)} for one`)
    await sleep(pollMs, undefined, { signal }).catch(() => {
      throw signal.reason
    })
  }
}

function describeOffer({ engine, agents, hosts, threads }: TrainingOffer, isPinned: boolean): string {
  const why = isPinned ? 'to which the run is pinned' : 'which most threads of the fleet have'
  return `engine: ${engine.name} ${engine.version}, ${why}: ${counted(threads, 'thread')} of ${counted(agents, 'agent')} on ${counted(hosts, 'host')}`
}
