import type { Display, DisplayOptions } from './display-options.ts'
import { openLiveDisplay } from './live-display.ts'
import { plainLine } from './plain-lines.ts'

/** The one who tells a person how a run is going: a live frame on a terminal, plain lines anywhere else. */
export function openDisplay(
  options: Omit<DisplayOptions, 'clock' | 'every'> & Partial<Pick<DisplayOptions, 'clock' | 'every'>>,
): Display {
  const full: DisplayOptions = { clock: Date.now, every: realTicker, ...options }
  return full.isTerminal ? openLiveDisplay(full) : openPlainDisplay(full)
}

function openPlainDisplay({ stream, verbose }: DisplayOptions): Display {
  let closed = false
  return {
    listener: (event) => {
      const line = closed ? null : plainLine(event, verbose)
      if (line !== null) stream.write(`${line}\n`)
    },
    close: () => {
      closed = true
    },
  }
}

function realTicker(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms)
  timer.unref()
  return () => {
    clearInterval(timer)
  }
}
