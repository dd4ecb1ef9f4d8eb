import type { Command } from 'commander'
import type { CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { computeFeatures, featureSet, featureSetNames } from '#core/features'
import { labeler, labelerNames } from '#core/labels'
import { tableFormatOf, writeTable, type TableColumn } from '#platform/tables'
import { addSeriesOptions, type SeriesOptions } from './series-options.ts'
import type { Session } from './session.ts'
import { storedLines, storeFeatures } from './store-features.ts'
import { eachTime } from './training-options.ts'
import { wholeNumber } from './whole-number.ts'

/** What a table in a file needs of the session. */
export interface FeaturesContext {
  loadSeries(source: string, options: SeriesOptions): Promise<CandleSeries>
  /** Prints the command's answer: the value itself, or its lines. */
  answer<T>(value: T, lines: (value: T) => readonly string[]): void
}

interface FeaturesOptions extends SeriesOptions {
  readonly candles?: readonly string[]
  readonly all?: boolean
  readonly out?: string
  readonly featureSet: string
  readonly threads?: number
  readonly queue?: string
  readonly waitForWorkers: number
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
Without --out the features of each series go into the object store as Parquet, computed in shards of 2,190 bars by the
pool's threads; a shard whose candles and state are known is not computed again. Exit status 1 when a series failed.
With --out the file holds TimeKey and the features, and with --label swing also target_new, ROWNUM (from 1) and ROW_NUM (from 0).

Examples:
  $ bullpen features --candles sample:btcusdt-4h --out features.csv.gz --label swing
  $ bullpen features --candles btc_4h.csv --out features.parquet --feature-set all
  $ bullpen features --candles store:BTC/USDT:4h --candles store:ETH/USDT:1h
  $ bullpen features --all --json`

/** `bullpen features`: the feature table of any candles as a file, or of many series as objects. */
export function addFeaturesCommand(program: Command, session: Session): void {
  addSeriesOptions(program.command('features'))
    .description('compute the features of candles: one series as a file, or any number into the object store')
    .option('--candles <source>', 'where candles come from (see bullpen candles --help); may be repeated', eachTime)
    .option('--all', 'every series of the candle store')
    .option('--out <file>', 'a .csv, .csv.gz or .parquet file for one series')
    .option('--threads <n>', 'pool threads (default: the number of cores)', wholeNumber(1, 1024))
    .option(
      '--queue <url>',
      'redis://host: agents of the fleet do the tasks (default: REDIS_URL; neither: this process)',
    )
    .option('--wait-for-workers <seconds>', 'with a queue: how long to wait for agents', wholeNumber(0, 604_800), 600)
    .option('--feature-set <name>', featureSetNames.join(', '), featureSetNames[0])
    .option('--label <name>', `also write a label: ${labelerNames.join(', ')}`)
    .addHelpText('after', examples)
    .action(async (options: FeaturesOptions) => {
      const { candles = [], all, out, label } = options
      if ((candles.length === 0) === (all === undefined)) throw usage('give either --candles or --all')
      if (out !== undefined) {
        if (candles.length !== 1) throw usage('--out takes the features of one series')
        session.answer(await writeFeatures({ ...options, candles: candles[0]!, out }, session), answerLines)
        return
      }
      if (label !== undefined) throw usage('a label is written with --out only')
      const stored = await storeFeatures(options, session)
      if (stored.some((each) => 'error' in each)) session.fail()
      session.answer(stored, storedLines)
    })
}

type FileOptions = Omit<FeaturesOptions, 'candles'> & { readonly candles: string; readonly out: string }

async function writeFeatures(options: FileOptions, context: FeaturesContext): Promise<FeaturesAnswer> {
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

function usage(reason: string): BullpenError {
  return new BullpenError('USAGE', { reason })
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
