import type { Command } from 'commander'
import type { CandleSeries } from '#core/candles'
import { computeFeatures, featureSet, featureSetNames } from '#core/features'
import { labeler, labelerNames } from '#core/labels'
import { tableFormatOf, writeTable, type TableColumn } from '#platform/tables'
import { addSeriesOptions, type SeriesOptions } from './series-options.ts'

/** What the command needs of its session. */
export interface FeaturesContext {
  loadSeries(source: string, options: SeriesOptions): Promise<CandleSeries>
  /** Prints the command's answer: the value itself, or its lines. */
  answer<T>(value: T, lines: (value: T) => readonly string[]): void
}

interface FeaturesOptions extends SeriesOptions {
  readonly candles: string
  readonly out: string
  readonly featureSet: string
  readonly label?: string
}

/** What was written. */
interface FeaturesAnswer {
  readonly path: string
  readonly rows: number
  readonly features: number
  readonly featureSet: string
  readonly featureSetHash: string
  readonly label: string | null
}

const examples = `
The file holds TimeKey and the features, and with --label swing also target_new, ROWNUM (from 1) and ROW_NUM (from 0).

Examples:
  $ bullpen features --candles sample:btcusdt-4h --out features.csv.gz --label swing
  $ bullpen features --candles btc_4h.csv --out features.parquet --feature-set all`

/** `bullpen features`: the feature table of any candles as a file. */
export function addFeaturesCommand(program: Command, context: FeaturesContext): void {
  addSeriesOptions(program.command('features'))
    .description('compute the features of candles and write them as a table')
    .requiredOption('--candles <source>', 'where candles come from (see bullpen candles --help)')
    .requiredOption('--out <file>', 'a .csv, .csv.gz or .parquet file')
    .option('--feature-set <name>', featureSetNames.join(', '), featureSetNames[0])
    .option('--label <name>', `also write a label: ${labelerNames.join(', ')}`)
    .addHelpText('after', examples)
    .action(async (options: FeaturesOptions) => {
      context.answer(await writeFeatures(options, context), answerLines)
    })
}

async function writeFeatures(options: FeaturesOptions, context: FeaturesContext): Promise<FeaturesAnswer> {
  tableFormatOf(options.out)
  const set = featureSet(options.featureSet)
  const labels = options.label === undefined ? null : labeler(options.label)
  const series = await context.loadSeries(options.candles, options)
  const table = computeFeatures(series, set)
  const columns = table.columns.map((name): TableColumn => ({ name, values: table.column(name), kind: 'float' }))
  if (labels) columns.push(...labelColumns(labels.label(series).target))
  await writeTable(options.out, { openTime: series.openTime, columns })
  return {
    path: options.out,
    rows: table.rows,
    features: table.columns.length,
    featureSet: set.name,
    featureSetHash: set.hash,
    label: labels?.name ?? null,
  }
}

/** The label and the reference's two row numbers, which close its table. */
function labelColumns(target: Int8Array): TableColumn[] {
  const rowNumbers = Int32Array.from(target, (_, t) => t)
  return [
    { name: 'target_new', values: target, kind: 'integer' },
    { name: 'ROWNUM', values: rowNumbers.map((t) => t + 1), kind: 'integer' },
    { name: 'ROW_NUM', values: rowNumbers, kind: 'integer' },
  ]
}

function answerLines({ path, rows, features, featureSet: set, featureSetHash, label }: FeaturesAnswer): string[] {
  const labelled = label === null ? '' : `, label ${label}`
  return [`${path}: ${rows} rows, ${features} features of set ${set} (${featureSetHash.slice(0, 12)})${labelled}`]
}
