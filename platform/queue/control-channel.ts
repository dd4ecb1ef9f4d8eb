import { randomUUID } from 'node:crypto'
import { Type, type Static } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { Route } from '#core/protocol'
import type { RedisLink } from './redis-link.ts'

const Control = Type.Union([
  /** Stop what is in hand of a run; `finish` lets what runs end by itself. */
  Type.Object({
    type: Type.Literal('cancel'),
    runId: Type.String({ maxLength: 100 }),
    running: Type.Union([Type.Literal('abort'), Type.Literal('finish')]),
  }),
  /** Drop what is in hand of a run without a word. */
  Type.Object({ type: Type.Literal('forget'), runId: Type.String({ maxLength: 100 }) }),
  /** A consumer has free slots and found nothing: whoever holds tasks that have not started gives them back. */
  Type.Object({ type: Type.Literal('hungry'), from: Type.String({ maxLength: 100 }) }),
])
const Envelope = Type.Object({ nonce: Type.String({ maxLength: 64 }), message: Type.Optional(Control) })

/** What processes of a route tell each other at once. All of it also follows, later, from the ledger. */
export type Control = Static<typeof Control>

const checker = TypeCompiler.Compile(Envelope)
const longest = 2000

export interface ControlChannelOptions {
  readonly link: RedisLink
  readonly route: Route
  /** Called for messages of every process, this one included; acknowledged when it resolves. Must not reject. */
  readonly onControl: (message: Control) => Promise<void>
  /** How long `tell` waits for those who heard it, ms. */
  readonly ackTimeoutMs: number
}

/** Messages to every process with the route's queue open, each answered by an acknowledgement. */
export class ControlChannel {
  readonly #options: ControlChannelOptions
  readonly #channel: string
  readonly #waiting = new Map<string, () => void>()

  private constructor(options: ControlChannelOptions) {
    this.#options = options
    this.#channel = `bullpen-control:${options.route}`
  }

  static async open(options: ControlChannelOptions): Promise<ControlChannel> {
    const channel = new ControlChannel(options)
    await options.link.subscribe(channel.#channel, channel.#hear)
    return channel
  }

  /** Resolves when every process that Redis reached has acted on it, or when time is up. Never rejects. */
  async tell(message: Control): Promise<void> {
    const { link, ackTimeoutMs } = this.#options
    const nonce = randomUUID()
    let heard = 0
    let expected = Infinity
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ackTimeoutMs)
      const look = () => {
        if (heard < expected) return
        clearTimeout(timer)
        resolve()
      }
      this.#waiting.set(nonce, () => {
        heard += 1
        look()
      })
      void link.publish(this.#channel, { nonce, message }).then((receivers) => {
        expected = receivers
        look()
      })
    })
    this.#waiting.delete(nonce)
  }

  /** Without waiting for anybody. */
  call(message: Control): void {
    void this.#options.link.publish(this.#channel, { nonce: '', message })
  }

  close(): void {
    this.#options.link.unsubscribe(this.#channel, this.#hear)
  }

  readonly #hear = (text: string): void => {
    const value = parse(text)
    if (!checker.Check(value)) return
    const { nonce, message } = value
    if (message === undefined) {
      this.#waiting.get(nonce)?.()
      return
    }
    void this.#options.onControl(message).then(() => {
      if (nonce !== '') void this.#options.link.publish(this.#channel, { nonce })
    })
  }
}

function parse(text: string): unknown {
  if (text.length > longest) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
