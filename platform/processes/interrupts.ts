import { BullpenError } from '#core/errors'

/** How the process is asked to stop. */
export interface Interrupts {
  /** Aborts on the first SIGINT or SIGTERM: no new work is started, what runs is finished. */
  readonly signal: AbortSignal
  stopListening(): void
}

/**
 * First Ctrl-C (or SIGTERM): drain. Second: stop at once with status 130; an embedded database left behind that way is
 * recognised and ended by the next command.
 */
export function listenForInterrupts(tell: (text: string) => void, exit: (status: number) => never): Interrupts {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) exit(130)
    tell('stopping: finishing what runs; once more stops at once')
    controller.abort(new BullpenError('INTERRUPTED', { reason: 'asked to stop' }))
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
