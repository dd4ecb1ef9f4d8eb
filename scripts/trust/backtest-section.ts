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
 * `sample:btcusdt-4h`); everything is kept under `TRUST_HOME` (default `.bullpen/trust`), so that weeks which were
 * trained once are not trained again.
 */
export const backtestSection: TrustSection = {
  name: 'backtest',
  async write(note: (text: string) => void): Promise<string> {
    const candles = ['--candles', process.env['TRUST_CANDLES'] ?? 'sample:btcusdt-4h', '--symbol', 'BTC/USDT', '--json']
    note('training a model')
    const { model } = await ask<TrainingOutcome>(['train', ...candles, '--space', 'quick', '--trials', '4'])
    const version = ['backtest', ...candles, '--model', String(model.version)]
    note('following it')
    const long = await ask<BacktestDocument>(version)
    const short = await ask<BacktestDocument>([...version, '--short'])
    note('living through eight weeks again')
    const replay = ['backtest', '--pipeline', '--weeks', '8', ...candles, '--space', 'quick', '--trials', '2']
    return [...ofModel(long, 'Long or flat'), ...ofModel(short, 'Long or short'), ...ofReplay(await ask(replay))].join(
      '\n\n',
    )
  },
}

function ofModel({ period, strategies, luck, conclusion, block, costs }: BacktestDocument, title: string): string[] {
  const { thresholds } = luck
  const searched = thresholds
    ? ` The best of ${thresholds.tried} threshold settings, picked by looking, made ${percentText(thresholds.best.totalReturn)}; the probability that picking it is overfitting is ${percentText(thresholds.overfitting, '')}.`
    : ''
  return [
    `**${title}**: ${period.bars} bars from ${period.from} to ${period.to}, none of them fitted on. Fee ${costs.feeBps} bps a side, slippage ${costs.slippageBps} bps, blocks of ${block} bars.`,
    table(strategies),
    `${conclusion.text} It ends above ${percentText(luck.rankAmongRandom, '')} of ${luck.randomPolicies} random policies of the same turnover; deflated Sharpe ratio ${percentText(luck.deflatedSharpe, '')} after ${triedText(luck.tried)}.${searched}`,
  ]
}

function ofReplay({ weeks, period, bars, schedules, strategies, conclusion }: ReplayDocument): string[] {
  const trained = schedules.map(
    ({ name, trainings, promoted }) => `${name}: ${trainings.length} trained, ${promoted} promoted`,
  )
  return [
    `**The whole procedure, ${weeks} weeks lived through again**: ${bars} bars from ${period.from} to ${period.to}, each answered by a model that had not seen it (${trained.join('; ')}).`,
    table(strategies),
    conclusion.join(' '),
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
