import { BullpenError } from '#core/errors'

/** One column beside the time: `rows` numbers, NaN = no value. */
export interface TableColumn {
  readonly name: string
  readonly values: ArrayLike<number>
  /** `integer` holds whole numbers within 32 bits and never NaN. Parquet types follow it; CSV looks the same. */
  readonly kind: 'float' | 'integer'
}

/** Columns of one length. */
export interface Table {
  /** Open time of each row, ms since the epoch; written first, as `TimeKey`. */
  readonly openTime: Float64Array
  readonly columns: readonly TableColumn[]
}

/** Formats a table can be written in. */
export type TableFormat = 'csv' | 'csv.gz' | 'parquet'

/** The format a path's ending asks for. Throws USAGE for any other ending. */
export function tableFormatOf(path: string): TableFormat {
  const format = (['csv', 'csv.gz', 'parquet'] as const).find((each) => path.toLowerCase().endsWith(`.${each}`))
  if (format) return format
  throw new BullpenError('USAGE', { reason: `cannot write ${path}: a table ends in .csv, .csv.gz or .parquet` })
}
