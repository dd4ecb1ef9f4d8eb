import { InvalidArgumentError, Option, type Command } from 'commander'
import { calibrationKinds, policyKinds } from '#core/calibration'
import { featureSetNames } from '#core/features'
import { labelerNames } from '#core/labels'
import { prunerNames, samplerNames, searchSpaceNames } from '#core/trials'
import { splitNames } from '../training/split-choices.ts'
import type { TrainingChoices } from '../training/training-spec.ts'
import { labelParameter } from './label-parameters.ts'
import { addSeriesOptions, type SeriesOptions } from './series-options.ts'
import { wholeNumber } from './whole-number.ts'

/** Options of `train` and `weekly` as commander parses them. */
export interface TrainingOptions extends TrainingChoices, SeriesOptions {
  readonly candles?: string
  readonly engine: string
  readonly threads?: number
  readonly taskTimeout: number
  readonly resume?: string
  readonly queue?: string
  /** Seconds. */
  readonly waitForWorkers: number
  /** Seconds. */
  readonly patience?: number
}

/** Adds the options both commands share. */
export function addTrainingOptions(command: Command): Command {
  return addLearningOptions(addSeriesOptions(command))
    .option('--candles <source>', 'where candles come from (see bullpen candles --help); may be repeated', eachTime)
    .option('--resume <run>', 'go on with a run that ended early; its own settings apply')
    .option(
      '--queue <url>',
      'redis://host: agents of the fleet do the tasks (default: REDIS_URL; neither: this process)',
    )
    .option('--wait-for-workers <seconds>', 'with a queue: how long to wait for agents', wholeNumber(0, 604_800), 600)
    .option(
      '--patience <seconds>',
      'how long database, objects or queue may be away (default: 900 with a queue, else 0)',
      wholeNumber(0, 604_800),
    )
}

/** What decides a model, and the threads that make it. */
export type LearningOptions = TrainingChoices & Pick<TrainingOptions, 'engine' | 'threads' | 'taskTimeout'>

/** Adds {@link LearningOptions}. */
export function addLearningOptions(command: Command): Command {
  return command
    .option('--feature-set <name>', featureSetNames.join(', '), 'reference')
    .option('--label <name>', `what to learn: ${labelerNames.join(', ')}`, 'swing')
    .option('--label-param <name=number>', 'a parameter of the label; may be repeated', labelParameter)
    .option(
      '--splits <name>',
      `how the search is judged: ${splitNames.join(', ')} (purged, in outer steps); kfold3, the reference's, leaks and is never registered`,
      'purged',
    )
    .option('--folds <n>', 'test blocks (default: 3), groups of combinatorial-purged (default: 6)', wholeNumber(2, 50))
    .option('--test-groups <n>', 'groups that a combinatorial fold tests together (default: 2)', wholeNumber(1, 49))
    .option(
      '--outer <window>',
      'judge selection, search and fit together on later rows: expanding, rolling or none (default: none)',
    )
    .option('--outer-steps <n>', 'models made for that, each as costly as a run (default: 4)', wholeNumber(1, 50))
    .option('--outer-trials <n>', 'trials of the search in each (default: as --trials)', wholeNumber(1, 100_000))
    .option('--space <name>', `search space: ${searchSpaceNames.join(', ')}`, 'reference')
    .option('--sampler <name>', samplerNames.join(', '), 'tpe')
    .option('--pruner <name>', prunerNames.join(', '), 'none')
    .option('--trials <n>', 'how many parameter sets to try', wholeNumber(1, 100_000), 20)
    .option('--early-stopping <rounds>', 'stop a fit after so many rounds without improvement', wholeNumber(1, 1000))
    .addOption(choice('--calibration <name>', 'how probabilities are calibrated', calibrationKinds, 'none'))
    .addOption(choice('--policy <name>', 'how probabilities become a verdict', policyKinds, 'argmax'))
    .option('--coverage <share>', 'of the conformal policy: how often its set is to hold the truth', share, 0.8)
    .option('--fee-bps <n>', 'fee a side in 1/10,000: what thresholds must earn and a backtest pays', nonNegative, 10)
    .option('--seed <n>', 'same seed, same candles: same model', wholeNumber(0, 2_147_483_647), 1)
    .option('--engine <name>', 'auto, native (libxgboost) or wasm', 'auto')
    .option('--threads <n>', 'pool threads (default: the number of cores)', wholeNumber(1, 1024))
    .option('--task-timeout <seconds>', 'limit of one task', wholeNumber(1, 604_800), 3600)
}

function choice(flags: string, text: string, names: readonly string[], chosen: string): Option {
  return new Option(flags, text).choices(names).default(chosen)
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value < 1) return value
  throw new InvalidArgumentError('give a number between 0 and 1.')
}

function nonNegative(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('give a number from 0.')
}

/** A commander parser for an option that may be repeated. */
export function eachTime(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
