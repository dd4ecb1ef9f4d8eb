import type { Candle } from '#core/candles'
import type { Kernel } from '../feature-set.ts'
import { ExponentialAverage } from '../streaming/exponential-average.ts'
import { RememberingState } from '../streaming/remembering-state.ts'
import { Window } from '../streaming/window.ts'
import { referenceColumns } from './columns.ts'

const spans = [8, 12, 14, 20, 26, 32, 38, 44, 50, 60, 75, 100, 150, 200]
const lengths = [5, 10, 15, 20, 25, 50, 75, 100, 150, 200]
const averages = [...spans.map((s) => `EMA${s}`), ...lengths.map((w) => `MA${w}`)]
const lags = [0, 1, 6, 12, 24]
const width = averages.length
/** Rows of ratios kept: the current one and the 24 before it. */
const depth = 25

const ratioColumns = columnsMatching(/^E?MA\d+_REL(_shift\d+)?$/)
const crossColumns = columnsMatching(/^E?MA\d+_REL_shift\d+_cross$/)
const sumColumns = columnsMatching(/^E?MA_gor_\d+_REL_cross_all$/)

/**
 * Averages relative to the close, their lags, and crossings of 1 between two end points (features.md section 3.1).
 * A cross of +1 means the close fell to or below its average. Crosses are 0 and lagged ratios NaN before their lag.
 */
export const averagesKernel: Kernel = {
  family: 'averages',
  columns: [...ratioColumns, ...crossColumns, ...sumColumns],
  warmup: 24,
  start: () => new AveragesState(),
}

/** Where a column is found in a table of lags x averages. */
const cellOf = (column: string): number => {
  const [, average, lag = '0'] = /^(E?MA\d+)_REL(?:_shift(\d+))?/.exec(column)!
  return lags.indexOf(Number(lag)) * width + averages.indexOf(average!)
}
const ratioCells = Int32Array.from(ratioColumns, cellOf)
const crossCells = Int32Array.from(crossColumns, cellOf)
/** Cells lags.length * 2 of sums: for each lag the exponential averages, then the plain ones. */
const sumCells = Int32Array.from(sumColumns, (column) => {
  const [, kind, lag] = /^(E?MA)_gor_(\d+)_/.exec(column)!
  return lags.indexOf(Number(lag)) * 2 + (kind === 'EMA' ? 0 : 1)
})

class AveragesState extends RememberingState {
  private readonly exponential = spans.map((span) => ExponentialAverage.ofSpan(this.memory, span))
  private readonly closes = new Window(this.memory, 200)
  private readonly history = this.memory.allocate(depth * width)
  private readonly cursor = this.memory.allocate(1).fill(depth - 1)
  private readonly ratios = new Float64Array(lags.length * width)
  private readonly crosses = new Float64Array(lags.length * width)
  private readonly sums = new Float64Array(lags.length * 2)

  constructor() {
    super()
    this.memory.beforeSave(() => {
      this.settle()
    })
  }

  override step(candle: Candle, out: Float64Array, offset: number): void {
    this.advance(candle)
    for (let lag = 1; lag < lags.length; lag++) this.compare(lag)
    let at = offset
    for (let i = 0; i < ratioCells.length; i++) out[at++] = this.ratios[ratioCells[i]!]!
    for (let i = 0; i < crossCells.length; i++) out[at++] = this.crosses[crossCells[i]!]!
    for (let i = 0; i < sumCells.length; i++) out[at++] = this.sums[sumCells[i]!]!
  }

  advance({ close }: Candle): void {
    const { ratios, history } = this
    this.closes.push(close)
    for (let i = 0; i < spans.length; i++) ratios[i] = this.exponential[i]!.push(close)
    this.closes.means(lengths, ratios, spans.length)
    const row = (this.cursor[0]! + 1) % depth
    this.cursor[0] = row
    for (let i = 0; i < width; i++) {
      ratios[i]! /= close
      history[row * width + i] = ratios[i]!
    }
  }

  /** Turns the history until its newest row is the last. */
  private settle(): void {
    const oldest = (this.cursor[0]! + 1) % depth
    const rows = this.history.slice()
    this.history.set(rows.subarray(oldest * width))
    this.history.set(rows.subarray(0, oldest * width), (depth - oldest) * width)
    this.cursor[0] = depth - 1
  }

  /** Fills ratios, crosses and their sums of one lag. */
  private compare(lag: number): void {
    const { ratios, crosses, history } = this
    const past = ((this.cursor[0]! - lags[lag]! + depth) % depth) * width
    const base = lag * width
    let exponentialSum = 0
    let plainSum = 0
    for (let i = 0; i < width; i++) {
      const before = history[past + i]!
      const now = ratios[i]!
      const cross = now >= 1 && before < 1 ? 1 : now < 1 && before >= 1 ? -1 : 0
      ratios[base + i] = before
      crosses[base + i] = cross
      if (i < spans.length) exponentialSum += cross
      else plainSum += cross
    }
    this.sums[lag * 2] = exponentialSum / spans.length
    this.sums[lag * 2 + 1] = plainSum / lengths.length
  }
}

function columnsMatching(pattern: RegExp): string[] {
  return referenceColumns.filter((column) => pattern.test(column))
}
