import type { Command } from 'commander'
import { formatTime } from '#core/candles'
import { featureSetOf, newestVerdict } from '#core/model'
import { championAlias, loadModel } from '#core/registry'
import { findModel, requireSameWidth } from './find-model.ts'
import { addSeriesOptions, type SeriesOptions } from './series-options.ts'
import type { Session } from './session.ts'

interface PredictOptions extends SeriesOptions {
  readonly candles: string
  readonly model: string
}

const examples = `
Examples:
  $ bullpen predict --candles btc_4h.csv
  $ bullpen predict --candles sample:btcusdt-4h --model 3 --json`

/** `bullpen predict`: the verdict of the champion, or of any version, for the newest candle. */
export function addPredictCommand(program: Command, session: Session): void {
  addSeriesOptions(program.command('predict'))
    .description("the champion's verdict for the newest candle, with probabilities")
    .requiredOption('--candles <source>', 'where candles come from (see bullpen candles --help)')
    .option('--model <alias-or-version>', 'which model answers', championAlias)
    .addHelpText('after', examples)
    .action(async (options: PredictOptions) => {
      session.answer(await predict(options, session), predictionLines)
    })
}

/** What `predict` answers. */
interface Prediction {
  readonly verdict: string
  readonly probabilities: Readonly<Record<string, number>>
  readonly candle: { readonly symbol: string; readonly openTime: string; readonly close: number }
  readonly model: { readonly version: number; readonly sha256: string }
}

async function predict(options: PredictOptions, session: Session): Promise<Prediction> {
  const model = await findModel(options.model, await session.workshop.registry())
  const { manifest, version } = model
  // Before candles are fetched: a model this code cannot answer with is said at once.
  featureSetOf(manifest.contract)
  const series = await session.loadSeries(options.candles, options)
  requireSameWidth(manifest.data.widthMs, series.widthMs)
  const answering = await loadModel(manifest, session.workshop.objects())
  const { verdict, probabilities, openTime, close } = newestVerdict(series, answering)
  return {
    verdict,
    probabilities,
    candle: { symbol: series.symbol, openTime: formatTime(openTime), close },
    model: { version, sha256: manifest.model.sha256 },
  }
}

function predictionLines({ verdict, probabilities, candle, model }: Prediction): string[] {
  const shares = Object.entries(probabilities).map(([name, p]) => `${name} ${(p * 100).toFixed(1)} %`)
  return [
    `${verdict.toUpperCase()}  ${candle.symbol} at ${candle.openTime} (close ${candle.close})`,
    `${shares.join('  ')}  by model ${model.version} (${model.sha256.slice(0, 12)})`,
  ]
}
