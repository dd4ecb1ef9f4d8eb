import { BroadcastChannel } from 'node:worker_threads'
import { fromErrorData } from '#core/errors'
import type { AbortNotice } from '../abort-channel.ts'

/** The signal of one attempt of an own task; listens only for those who ask for it (a channel costs more than a small task). */
export class AttemptSignal {
  private readonly channelName: string
  private readonly task: string
  private readonly attempt: number
  private readonly controller = new AbortController()
  private channel: BroadcastChannel | undefined

  constructor(channelName: string, task: string, attempt: number) {
    this.channelName = channelName
    this.task = task
    this.attempt = attempt
  }

  get signal(): AbortSignal {
    if (!this.channel) {
      this.channel = new BroadcastChannel(this.channelName)
      this.channel.unref()
      this.channel.onmessage = (message) => {
        const { task, attempt, reason } = (message as { readonly data: AbortNotice }).data
        if (task === this.task && attempt === this.attempt) this.controller.abort(fromErrorData(reason))
      }
    }
    return this.controller.signal
  }

  close(): void {
    this.channel?.close()
  }
}
