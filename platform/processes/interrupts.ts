import { BullpenError } from '#core/errors'

/** How the process is asked to stop. */
export interface Interrupts {
  /** Aborts on the first SIGINT or SIGTERM: no new work is started, what runs is finished. */
  readonly signal: AbortSignal
  stopListening(): void
}

export interface InterruptOptions {
  readonly tell: (text: string) => void
  readonly exit: (status: number) => never
  /**
   * What stopping at once would do, after the words `stops at once and`, when something would be lost by it; null (the
   * default) when nothing would.
   */
  readonly wouldLose?: () => string | null
}

/**
 * First Ctrl-C (or SIGTERM): drain, and say what more of them do. Second: stop at once with status 130, unless something
 * would be lost by that: then it is told what, and the third stops. Not the second, for under `npm run` one Ctrl-C
 * arrives twice. An embedded database left behind that way is recognised and ended by the next command.
 */
export function listenForInterrupts({ tell, exit, wouldLose = () => null }: InterruptOptions): Interrupts {
  const controller = new AbortController()
  let isWarned = false
  const onSignal = () => {
    const loss = wouldLose()
    const atOnce = loss === null ? 'stops at once' : `stops at once and ${loss}`
    if (!controller.signal.aborted) {
      tell(`stopping: finishing what runs; ${loss === null ? 'once' : 'twice'} more ${atOnce}`)
      controller.abort(new BullpenError('INTERRUPTED', { reason: 'asked to stop' }))
      return
    }
    if (isWarned || loss === null) return exit(130)
    isWarned = true
    tell(`once more ${atOnce}`)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    stopListening() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
