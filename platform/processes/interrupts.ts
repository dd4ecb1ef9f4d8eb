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
  /** What would be lost if the process ended at once; null (the default) when nothing would. */
  readonly wouldLose?: () => string | null
}

/**
 * First Ctrl-C (or SIGTERM): drain. Second: stop at once with status 130, unless something would be lost by that: then
 * it is told what, and the third stops. An embedded database left behind that way is recognised and ended by the next
 * command.
 */
export function listenForInterrupts({ tell, exit, wouldLose = () => null }: InterruptOptions): Interrupts {
  const controller = new AbortController()
  let isWarned = false
  const onSignal = () => {
    if (!controller.signal.aborted) {
      tell('stopping: finishing what runs; once more stops at once')
      controller.abort(new BullpenError('INTERRUPTED', { reason: 'asked to stop' }))
      return
    }
    const loss = isWarned ? null : wouldLose()
    if (loss === null) return exit(130)
    isWarned = true
    tell(loss)
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
