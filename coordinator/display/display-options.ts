import type { ProgressListener } from '../progress.ts'

export interface DisplayOptions {
  /** Where to write: stderr, so that stdout stays the command's answer. */
  readonly stream: { write(text: string): unknown }
  /** Redraw in place when true, one line per event when false. */
  readonly isTerminal: boolean
  /** Width of the terminal in cells, asked before each frame so that resizing works. */
  readonly columns: () => number
  /** Also tell progress inside stages (plain) and each trial (live). */
  readonly verbose: boolean
  /** False under NO_COLOR (no-color.org) or TERM=dumb. */
  readonly color: boolean
  /** Milliseconds, any origin. */
  readonly clock: () => number
  /** Calls `tick` every `ms` until the function it returns is called, without keeping the process alive. */
  readonly every: (ms: number, tick: () => void) => () => void
}

/** `close` draws a last frame and brings the cursor back; events after it are dropped. It may be called twice. */
export interface Display {
  readonly listener: ProgressListener
  close(): void
}
