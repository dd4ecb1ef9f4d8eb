import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { percentText, spanText, triedText, type backtestDocument } from '../../coordinator/backtest/index.ts'
import type { replayDocument } from '../../coordinator/replay/index.ts'
import type { TrainingOutcome } from '../../coordinator/training/training-outcome.ts'
import { markdownTable, type TrustSection } from './trust-section.ts'

type BacktestDocument = ReturnType<typeof backtestDocument>
type ReplayDocument = ReturnType<typeof replayDocument>
type StrategyRow = BacktestDocument['strategies'][number]

/**
 * What a model earns after fees, measured with the commands a user has. Candles are those of `TRUST_CANDLES` (default
 * `sample:btcusdt-4h`), the replay is of the last `TRUST_WEEKS` (default 8); everything is kept under `TRUST_HOME` (default
 * `.bullpen/trust`), so that what was trained once is not trained again. The replay comes first: its trials count
 * against the model that is followed then, whether they were made now or before.
 */
export const backtestSection: TrustSection = {
  name: 'backtest',
  async write(note: (text: string) => void): Promise<string> {
    const candles = ['--candles', process.env['TRUST_CANDLES'] ?? 'sample:btcusdt-4h', '--symbol', 'BTC/USDT', '--json']
    const weeks = process.env['TRUST_WEEKS'] ?? '8'
    note(`living through ${weeks} weeks again`)
    const replay = ['backtest', '--pipeline', '--weeks', weeks, ...candles, '--space', 'quick', '--trials', '2']
    const replayed = await ask<ReplayDocument>(replay)
    await requireNothingComputed(replay, replayed)
    const version = ['backtest', ...candles, '--model', String(await modelVersion(candles, note))]
    note('following a model')
    const long = await ask<BacktestDocument>(version)
    const short = await ask<BacktestDocument>([...version, '--short'])
    return [...ofModel(long, 'Long or flat'), ...ofModel(short, 'Long or short'), ...ofReplay(replayed)].join('\n\n')
  },
}

/** The version trained before, or a new one where there is none. */
async function modelVersion(candles: readonly string[], note: (text: string) => void): Promise<number> {
  const [newest] = await ask<readonly { version: number }[]>(['models', 'list', '--json'])
  if (newest) return newest.version
  note('training a model')
  return (await ask<TrainingOutcome>(['train', ...candles, '--space', 'quick', '--trials', '4'])).model.version
}

/** Asks for a replay that has just been made: it must find every task done and say the same. */
async function requireNothingComputed(replay: readonly string[], first: ReplayDocument): Promise<void> {
  const again = await ask<ReplayDocument>(replay)
  if (again.computed > 0) throw new Error(`the same replay asked again ran ${again.computed} tasks`)
  const said = (document: ReplayDocument) => JSON.stringify({ ...document, computed: 0 })
  if (said(again) !== said(first)) throw new Error('the same replay asked again said something else')
}

function ofModel({ period, strategies, luck, conclusion, block, costs }: BacktestDocument, title: string): string[] {
  const { thresholds } = luck
  const searched = thresholds
    ? ` The best of ${thresholds.tried} threshold settings, picked by looking, made ${percentText(thresholds.best.totalReturn)}; the probability that picking it is overfitting is ${percentText(thresholds.overfitting, '')}.`
    : ''
  const { overfitting, search } = luck.tried
  const chosen =
    overfitting === null
      ? ''
      : ` The probability that choosing the best of the ${search} trials of its search is overfitting is ${percentText(overfitting, '')}.`
  return [
    `**${title}**: ${period.bars} bars from ${period.from} to ${period.to}, none of them fitted on. Fee ${costs.feeBps} bps a side, slippage ${costs.slippageBps} bps, blocks of ${block} bars.`,
    table(strategies),
    `${conclusion.text} It ends above ${percentText(luck.rankAmongRandom, '')} of ${luck.randomPolicies} random policies of the same turnover; deflated Sharpe ratio ${percentText(luck.deflatedSharpe, '')} after ${triedText(luck.tried)}.${chosen}${searched}`,
  ]
}

function ofReplay({ weeks, period, bars, cadences, strategies, conclusion }: ReplayDocument): string[] {
  const trained = cadences.map(
    ({ name, trainings, promoted }) => `${name}: ${trainings.length} trained, ${promoted} promoted`,
  )
  return [
    `**The whole procedure, ${weeks} weeks lived through again**: ${bars} bars from ${period.from} to ${period.to}, each answered by a model that had not seen it (${trained.join('; ')}).`,
    table(strategies),
    conclusion.join(' '),
    'The same replay asked again ran no task and said the same.',
  ]
}

function table(strategies: readonly StrategyRow[]): string {
  const head = ['', 'return', '95 %', 'Sharpe', '95 %', 'against holding, 95 %', 'drawdown', 'trades']
  const rows = strategies.map(({ name, totalReturn, sharpe, maxDrawdown, trades, spread }) => [
    name,
    percentText(totalReturn),
    spread ? spanText(spread.totalReturn) : '',
    sharpe.toFixed(2),
    spread ? `${spread.sharpe.low.toFixed(2)} to ${spread.sharpe.high.toFixed(2)}` : '',
    spread?.ahead ? spanText(spread.ahead) : '',
    percentText(maxDrawdown, ''),
    String(trades),
  ])
  return markdownTable(head, rows)
}

/** One command of bullpen, answered as the document it prints. */
async function ask<T>(args: readonly string[]): Promise<T> {
  const home = resolve(process.env['TRUST_HOME'] ?? '.bullpen/trust')
  const program = resolve('dist/coordinator/main/bullpen.js')
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    env: { ...process.env, BULLPEN_HOME: home },
    maxBuffer: 2 ** 28,
  })
  return JSON.parse(stdout) as T
}
