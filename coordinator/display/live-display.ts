import type { ProgressEvent } from '../progress.ts'
import { initialState, reduce, type DisplayState } from './display-state.ts'
import type { Display, DisplayOptions } from './display-options.ts'
import { glyphs, renderFrame } from './frame.ts'
import { plainLine } from './plain-lines.ts'

/** Ten frames a second: smooth to the eye, and less than 1 % of a core on a slow terminal. */
const frameMs = 100
const escape = '\u001b['
const hideCursor = `${escape}?25l`
const showCursor = `${escape}?25h`

/**
 * Redraws one frame in place. Lines that must stay (notes, and trials when verbose) scroll away above it.
 *
 * closed --first event of a run or stage--> drawing --close()--> closed for good
 *
 * Notes before that are lines as anywhere else: a command that only lists has no stages to draw.
 *
 * While drawing the cursor is hidden; close() and the end of the process both bring it back.
 */
export function openLiveDisplay(options: DisplayOptions): Display {
  const { stream, clock } = options
  let state: DisplayState | undefined
  let drawnLines = 0
  let drawnAt = -Infinity
  let closed = false
  const restore = (): void => {
    stream.write(showCursor)
  }

  const draw = (above: string): void => {
    if (state === undefined) return
    drawnAt = clock()
    const frame = renderFrame(state, options.columns(), drawnAt)
    const up = drawnLines > 0 ? `${escape}${drawnLines}A` : ''
    const lines = frame.map((line) => `${options.color ? colored(line) : line}\n`).join('')
    stream.write(`${up}\r${escape}J${above}${lines}`)
    drawnLines = frame.length
  }

  const begin = (): DisplayState => {
    stream.write(hideCursor)
    process.once('exit', restore)
    return initialState(clock())
  }

  const stopTicking = options.every(frameMs, () => {
    if (clock() - drawnAt >= frameMs) draw('')
  })

  const listener = (event: ProgressEvent): void => {
    if (closed) return
    if (state === undefined && event.kind === 'note') {
      stream.write(stays(event, options.verbose))
      return
    }
    const now = clock()
    state = reduce(state ?? begin(), event, now)
    const staying = stays(event, options.verbose)
    const turning = event.kind === 'stage-start' || event.kind === 'stage-end'
    // Work on this thread can hold the ticker back for seconds, so events draw too, at the same pace.
    if (staying !== '' || turning || now - drawnAt >= frameMs) draw(staying)
  }

  const close = (): void => {
    if (closed) return
    closed = true
    stopTicking()
    if (state === undefined) return
    draw('')
    process.removeListener('exit', restore)
    restore()
  }
  return { listener, close }
}

function stays(event: ProgressEvent, verbose: boolean): string {
  const kept = event.kind === 'note' || (verbose && event.kind === 'trial')
  const line = kept ? plainLine(event, verbose) : null
  return line === null ? '' : `${line}\n`
}

function colored(line: string): string {
  const first = line.slice(0, 1)
  if (first === glyphs.done) return `${escape}32m${first}${escape}0m${line.slice(1)}`
  if (glyphs.running.has(first)) return `${escape}36m${first}${escape}0m${line.slice(1)}`
  if (first === glyphs.waiting) return `${escape}2m${line}${escape}0m`
  return `${escape}1m${line}${escape}0m`
}
