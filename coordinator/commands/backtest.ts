import { join } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { defaultCosts } from '#core/backtest'
import { formatTime, parseTime, type CandleSeries } from '#core/candles'
import { featureSetOf } from '#core/model'
import { championAlias, loadModel, type ModelVersion } from '#core/registry'
import {
  backtestDocument,
  backtestLines,
  backtestModel,
  sightOf,
  triedTrials,
  type BacktestChoices,
  type BacktestResult,
} from '../backtest/index.ts'
import { replayDocument, replayLines, type ReplayResult } from '../replay/index.ts'
import { packageVersion } from '../version.ts'
import { findModel, requireSameWidth } from './find-model.ts'
import { conductReplay, type ReplayOptions } from './replay.ts'
import { addSeriesOptions } from './series-options.ts'
import type { Session } from './session.ts'
import { addLearningOptions } from './training-options.ts'
import { wholeNumber } from './whole-number.ts'

/** What `backtest` takes beside candles. */
export interface BacktestOptions extends ReplayOptions {
  readonly pipeline: boolean
  readonly weeks: number
  readonly model: string
  readonly from?: number
  readonly to?: number
  readonly slippageBps: number
  readonly fundingBps: number
  readonly short: boolean
  readonly onHold: 'keep' | 'flat'
  readonly sizing: 'full' | 'probability'
  readonly draws: number
  readonly report?: string
}

const help = `
Orders are filled at the open of the next bar; an order that meets a gap lapses. By default only candles are used
that the model was not fitted on; earlier ones, with --from, are labelled IN SAMPLE.
With --pipeline no registered model is read: each of the last weeks is trained for on what was known then, the gate
decides, and retraining weekly, monthly and never are compared. Training options are those of bullpen train and count
there only. Stopped, the same command goes on; asked again, it trains nothing.

Examples:
  $ bullpen backtest --candles btc_4h.csv
  $ bullpen backtest --candles btc_4h.csv --model 3 --short --fee-bps 4 --json
  $ bullpen backtest --candles btc_4h.csv --from 2022-01-01 --report backtest.html
  $ bullpen backtest --pipeline --weeks 12 --candles btc_4h.csv --space quick --trials 4`

/** `bullpen backtest`: what following a model would have earned after costs. */
export function addBacktestCommand(program: Command, session: Session): void {
  addLearningOptions(addSeriesOptions(program.command('backtest')))
    .description('what following a model would have earned after fees, beside buy and hold')
    .requiredOption('--candles <source>', 'where candles come from (see bullpen candles --help)')
    .option('--model <alias-or-version>', 'whose verdicts are followed', championAlias)
    .option('--from <time>', 'first candle (default: the first the model was not fitted on)', timeOption)
    .option('--to <time>', 'last candle', timeOption)
    .option('--slippage-bps <n>', 'how much worse than the open an order is filled', bps, defaultCosts.slippageBps)
    .option('--funding-bps <n>', 'what a short pays per 8 hours', bps, defaultCosts.shortFundingBps)
    .option('--short', 'sell goes short instead of out of the market', false)
    .addOption(new Option('--on-hold <what>', 'what hold does to a position').choices(['keep', 'flat']).default('keep'))
    .addOption(new Option('--sizing <how>', 'of a position').choices(['full', 'probability']).default('full'))
    .option('--draws <n>', 'resamples of an interval, and random policies', wholeNumber(100, 100_000), 1000)
    .option('--pipeline', 'live through the last weeks again: train, judge and follow each week', false)
    .option('--weeks <n>', 'with --pipeline: how many', wholeNumber(1, 1000), 8)
    .option('--report <file>', 'where the page goes (default: the backtests folder under BULLPEN_HOME)')
    .addHelpText('after', help)
    .action(async (options: BacktestOptions) => {
      if (options.pipeline) {
        const replayed = await conductReplay(options, { ...choicesOf(options), weeks: options.weeks }, session)
        const path = await writeReplayPage(replayed, options, session)
        session.answer(replayDocument(replayed, path), () => replayLines(replayed, path))
        return
      }
      const result = await backtest(options, session)
      const path = await writePage(result, options, session)
      session.answer(backtestDocument(result, path), () => backtestLines(result, path))
    })
}

async function backtest(options: BacktestOptions, session: Session): Promise<BacktestResult> {
  const { workshop } = session
  const version = await findModel(options.model, await workshop.registry())
  const { manifest } = version
  featureSetOf(manifest.contract)
  const series = await session.loadSeries(options.candles, options)
  requireSameWidth(manifest.data.widthMs, series.widthMs)
  noteOtherCandles(version, series, session)
  const objects = workshop.objects()
  const note = (text: string): void => {
    session.note(text)
  }
  const subject = {
    version,
    model: await loadModel(manifest, objects),
    sight: await sightOf(manifest, objects, note),
    tried: await triedTrials(manifest, await workshop.runs()),
  }
  return backtestModel(subject, series, choicesOf(options))
}

function choicesOf(options: BacktestOptions): BacktestChoices {
  const { feeBps, slippageBps, fundingBps, short, onHold, sizing, from, to, draws, seed } = options
  return {
    rules: { short, onHold, sizing },
    costs: { ...defaultCosts, feeBps, slippageBps, shortFundingBps: fundingBps },
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    draws,
    seed,
  }
}

/** Files do not say what they hold, so a model of another symbol is told of, not refused. */
function noteOtherCandles({ manifest }: ModelVersion, series: CandleSeries, session: Session): void {
  if (manifest.data.symbol === series.symbol) return
  session.note(`the model was trained on ${manifest.data.symbol}, these candles are called ${series.symbol}`)
}

/** The charting library takes half a second to load, which no other command should wait for. */
async function writePage(result: BacktestResult, options: BacktestOptions, session: Session): Promise<string> {
  const { writeBacktest } = await import('../report/index.ts')
  const name = `model-${result.model.version}-from-${formatTime(result.period.from).slice(0, 10)}.html`
  const path = options.report ?? join(session.workshop.config.home, 'backtests', name)
  await writeBacktest(path, result, { createdAt: session.now(), version: packageVersion() })
  return path
}

async function writeReplayPage(result: ReplayResult, options: BacktestOptions, session: Session): Promise<string> {
  const { writeReplay } = await import('../report/index.ts')
  const name = `${result.weeks}-weeks-to-${formatTime(result.bars.openTime.at(-1)!).slice(0, 10)}.html`
  const path = options.report ?? join(session.workshop.config.home, 'backtests', name)
  await writeReplay(path, result, { createdAt: session.now(), version: packageVersion() })
  return path
}

function timeOption(text: string): number {
  const time = parseTime(text)
  if (time !== null) return time
  throw new InvalidArgumentError('give 2020-01-31 or an ISO time.')
}

function bps(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value < 5000) return value
  throw new InvalidArgumentError('give basis points from 0 to below 5000.')
}
