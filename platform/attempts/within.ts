const longestTimer = 2_147_483_647

/**
 * The outcome of `work`; when that takes longer than `ms` (to Infinity), what `late` answers or throws; when the signal
 * comes first, its reason is thrown. The work itself goes on, and what becomes of it then is of no interest.
 */
export async function within<T, L>(work: Promise<T>, ms: number, late: () => L, signal?: AbortSignal): Promise<T | L> {
  let stop = (): void => undefined
  try {
    signal?.throwIfAborted()
    const ended = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, Math.min(ms, longestTimer))
      const abort = (): void => {
        reject(signal!.reason as Error)
      }
      signal?.addEventListener('abort', abort)
      stop = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
      }
    })
    return await Promise.race([work, ended.then(late)])
  } finally {
    stop()
    work.catch(() => undefined)
  }
}
