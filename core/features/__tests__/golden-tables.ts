import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Candle } from '#core/candles'

/** Candles and the table the reference system's own code made of them, or some rows of it. */
export interface Golden {
  readonly name: string
  readonly candles: URL
  readonly features: URL
}

const root = new URL('../../../../', import.meta.url)

/** A third of the rows of the 2020 table, kept in the project. */
export const fixture: Golden = {
  name: '2020, sampled',
  candles: new URL('core/features/__tests__/fixtures/golden-candles.json.gz', root),
  features: new URL('core/features/__tests__/fixtures/golden-features.csv.gz', root),
}

const besideProject: readonly Golden[] = [
  {
    name: '2020, whole',
    candles: new URL('../shared/golden/btcusdt_2020_4h_candles.json.gz', root),
    features: new URL('../shared/golden/btcusdt_2020_4h_features.csv.gz', root),
  },
  {
    name: '2017 to 2021, sampled',
    candles: new URL('../shared/data/btcusdt_4h.json.gz', root),
    features: new URL('../shared/golden/btcusdt_4h_features_sample.csv.gz', root),
  },
]

/** The fixture, and the whole tables where a checkout has them in a `shared` folder beside it. */
export const goldenTables = [fixture, ...besideProject.filter((golden) => existsSync(golden.candles))]

export function readCandles(golden: Golden): Candle[] {
  const rows = JSON.parse(unzip(golden.candles)) as Record<
    'TimeKey' | 'Open' | 'High' | 'Low' | 'Close' | 'Volume',
    never
  >[]
  return rows.map((row) => ({
    openTime: Date.parse(row.TimeKey),
    open: row.Open,
    high: row.High,
    low: row.Low,
    close: row.Close,
    volume: row.Volume,
  }))
}

/** Rows of numbers by column name; an empty field is NaN. */
export function readFeatures(golden: Golden): { columns: string[]; rows: Map<string, number>[] } {
  const [header, ...lines] = unzip(golden.features).trimEnd().split('\n')
  const names = header!.split(',')
  const rows = lines.map((line) => {
    const fields = line.split(',').map((field) => (field === '' ? NaN : Number(field)))
    return new Map(names.map((name, i) => [name, fields[i]!]))
  })
  return { columns: names.slice(1), rows }
}

function unzip(file: URL): string {
  return gunzipSync(readFileSync(file)).toString()
}
