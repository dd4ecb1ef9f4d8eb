import { randomUUID } from 'node:crypto'
import { BroadcastChannel } from 'node:worker_threads'
import { toErrorData, type ErrorData } from '#core/errors'

/** Tells a thread that an attempt of its is to stop. */
export interface AbortNotice {
  readonly task: string
  readonly attempt: number
  readonly reason: ErrorData
}

/** How long an attempt may take to stop by itself before its thread is ended, ms. */
const graceMs = 250

/** Lets own tasks stop by themselves, which keeps their thread: they are told first, and their thread is ended after that. */
export class AbortChannel {
  readonly name = `bullpen-abort-${randomUUID()}`
  private readonly channel = new BroadcastChannel(this.name)

  constructor() {
    this.channel.unref()
  }

  /** Runs `work` with a signal that aborts a while after `signal` does and the thread was told. */
  async run<T>(
    { task, attempt, signal }: Omit<AbortNotice, 'reason'> & { readonly signal: AbortSignal },
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted()
    const late = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const onAbort = () => {
      const notice: AbortNotice = { task, attempt, reason: toErrorData(signal.reason) }
      this.channel.postMessage(notice)
      timer = setTimeout(() => {
        late.abort(signal.reason)
      }, graceMs)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      return await work(late.signal)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  close(): void {
    this.channel.close()
  }
}
