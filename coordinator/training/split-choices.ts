import { BullpenError } from '#core/errors'
import { splitter, splitterNames, trainingWindows, type TrainingWindow } from '#core/selection'
import type { TrainingChoices, TrainingSpec } from './training-spec.ts'

/** Purged folds inside outer steps whose training windows expand: the procedure judged as it will be used. */
const nested = 'walk-forward'

/** What `--splits` may be. */
export const splitNames: readonly string[] = [...splitterNames, nested]

const defaults = { folds: 3, groups: 6, testGroups: 2, outerSteps: 4 }

/** The splits of a run, inner and outer. Throws UNKNOWN_NAME, and USAGE for settings that would not be used. */
export function splitsOf(choices: TrainingChoices): Pick<TrainingSpec, 'splits' | 'outer'> {
  if (!splitNames.includes(choices.splits)) throw unknown('split', choices.splits, splitNames)
  const isNested = choices.splits === nested
  const splits = innerOf({ ...choices, splits: isNested ? 'purged' : choices.splits })
  const window = choices.outer ?? (isNested ? 'expanding' : 'none')
  if (window === 'none') {
    if (isNested) throw usage('--splits walk-forward is outer steps: leave out --outer none')
    if (choices.outerSteps !== undefined || choices.outerTrials !== undefined) {
      throw usage('--outer-steps and --outer-trials are for --splits walk-forward or --outer')
    }
    return { splits }
  }
  if (!isTrainingWindow(window)) throw unknown('outer window', window, [...trainingWindows, 'none'])
  const { outerSteps = defaults.outerSteps, outerTrials = choices.trials } = choices
  return { splits, outer: { window, steps: outerSteps, trials: outerTrials } }
}

/** What must be known of these splits before hours are spent on them; null where nothing must. */
export function splitsWarning({ splits }: Pick<TrainingChoices, 'splits'>): string | null {
  if (splits !== 'kfold3') return null
  return 'kfold3 is not purged: its folds train on what they test, so the leakage certificate will not pass and the run will end with CERTIFICATE_FAILED, scored and not registered; --splits purged registers'
}

/** Fits of folds that the searches of a run have planned, those of outer steps included. */
export function plannedFolds({ splits, search, outer }: Pick<TrainingSpec, 'splits' | 'search' | 'outer'>): number {
  const { folds } = splitter(splits.name, { maxReach: 0, warmup: 0 }, splits)
  return (search.trials + (outer ? outer.steps * outer.trials : 0)) * folds
}

function innerOf({ splits: name, folds, testGroups }: TrainingChoices): TrainingSpec['splits'] {
  if (name === 'combinatorial-purged') {
    return { name, folds: folds ?? defaults.groups, testGroups: testGroups ?? defaults.testGroups }
  }
  if (testGroups !== undefined) throw usage('--test-groups is for --splits combinatorial-purged')
  return { name, folds: name === 'kfold3' ? 3 : (folds ?? defaults.folds) }
}

function isTrainingWindow(name: string): name is TrainingWindow {
  return (trainingWindows as readonly string[]).includes(name)
}

function unknown(kind: string, name: string, known: readonly string[]): BullpenError {
  return new BullpenError('UNKNOWN_NAME', { kind, name, known: known.join(', ') })
}

function usage(reason: string): BullpenError {
  return new BullpenError('USAGE', { reason })
}
