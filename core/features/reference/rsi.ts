import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'

const lengths = [9, 14, 20, 27]
const flags = ['up_70', 'up_80', 'dw_30', 'dw_20']
const flagColumns = ['RSI9_up_80', ...flagsOf('up_80', 14, 20, 27), ...flagsOf('dw_30', 14, 20, 27), 'RSI27_dw_20']
const runColumns = [...flagsOf('up_70', ...lengths), 'RSI9_dw_30', ...flagsOf('dw_20', 9, 14, 20)]

/**
 * How far beyond a threshold counts as beyond it. Prices are decimals, so a ratio of their sums can be exactly on a
 * threshold while its double lies up to 1e-12 to either side; three such rows occur in 8,504 (features.md section 8).
 */
const tie = 1e-9

/**
 * RSI of candle bodies, close against open, with plain averages rather than Wilder's; flags beyond a threshold; and the
 * length of each flag's current run (features.md section 3.2).
 */
export const rsiKernel: Kernel = {
  family: 'rsi',
  columns: [...lengths.map((w) => `RSI${w}`), ...flagColumns, ...runColumns.map((flag) => `${flag}_perman`)],
  warmup: 27,
  start: () => new RsiState(),
}

/** Where a flag is found in a table of lengths x flags. */
const cellOf = (column: string): number => {
  const [, length, flag] = /^RSI(\d+)_(.+)$/.exec(column)!
  return lengths.indexOf(Number(length)) * flags.length + flags.indexOf(flag!)
}
const flagCells = Int32Array.from(flagColumns, cellOf)
const runCells = Int32Array.from(runColumns, cellOf)

class RsiState extends RememberingState {
  private readonly rises = new Window(this.memory, 27)
  private readonly falls = new Window(this.memory, 27)
  /** Length of the current run of each flag, 0 when it is down. */
  private readonly runs = this.memory.allocate(lengths.length * flags.length).fill(0)
  private readonly rise = new Float64Array(lengths.length)
  private readonly fall = new Float64Array(lengths.length)

  override step(candle: Candle, out: Float64Array, offset: number): void {
    this.rises.push(Math.max(candle.close - candle.open, 0))
    this.falls.push(Math.max(candle.open - candle.close, 0))
    this.rises.means(lengths, this.rise, 0)
    this.falls.means(lengths, this.fall, 0)
    let at = offset
    for (let i = 0; i < lengths.length; i++) {
      const rsi = 100 - 100 / (1 + this.rise[i]! / this.fall[i]!)
      out[at++] = rsi
      this.count(i * flags.length, rsi > 70 + tie)
      this.count(i * flags.length + 1, rsi > 80 + tie)
      this.count(i * flags.length + 2, rsi < 30 - tie)
      this.count(i * flags.length + 3, rsi < 20 - tie)
    }
    for (let i = 0; i < flagCells.length; i++) out[at++] = this.runs[flagCells[i]!]! > 0 ? 1 : 0
    for (let i = 0; i < runCells.length; i++) out[at++] = this.runs[runCells[i]!]!
  }

  private count(cell: number, raised: boolean): void {
    this.runs[cell] = raised ? this.runs[cell]! + 1 : 0
  }
}

function flagsOf(flag: string, ...of: readonly number[]): string[] {
  return of.map((length) => `RSI${length}_${flag}`)
}
