import { clip, plainText } from './text.ts'

export interface LiveLinesOptions {
  readonly stream: { write(text: string): unknown }
  /** Width of the terminal in cells, asked before each drawing. */
  readonly columns: () => number
}

/** Lines that replace those shown before. */
export interface LiveLines {
  show(lines: readonly string[]): void
  /** Brings the cursor back; the last lines stay. Idempotent. */
  close(): void
}

const escape = '\u001b['

/** Redraws lines in place on a terminal, the cursor hidden meanwhile. */
export function openLiveLines({ stream, columns }: LiveLinesOptions): LiveLines {
  let drawn = 0
  let isClosed = false
  const restore = (): void => {
    stream.write(`${escape}?25h`)
  }
  stream.write(`${escape}?25l`)
  process.once('exit', restore)
  return {
    show(lines) {
      if (isClosed) return
      const up = drawn > 0 ? `${escape}${drawn}A` : ''
      const width = Math.max(1, columns() - 1)
      stream.write(`${up}\r${escape}J${lines.map((line) => `${clip(plainText(line), width)}\n`).join('')}`)
      drawn = lines.length
    },
    close() {
      if (isClosed) return
      isClosed = true
      process.removeListener('exit', restore)
      restore()
    },
  }
}
