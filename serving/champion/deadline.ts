/**
 * The outcome of `work`, unless that takes longer than `ms` or the signal comes first; the work itself goes on, and what
 * becomes of it then is of no interest.
 *
 * @throws what `late` makes, the signal's reason, or what the work throws
 */
export async function within<T>(work: Promise<T>, ms: number, late: () => Error, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined)
    signal.throwIfAborted()
  }
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late())
    }, ms)
    onAbort = () => {
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, ended])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort!)
  }
}
