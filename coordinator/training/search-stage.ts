import { SearchPace } from '#core/cost'
import { BullpenError } from '#core/errors'
import type { TrialRecord } from '#core/registry'
import { rankTrials, visibleCount, visibleTrials, type FinishedTrial } from '#core/trials'
import { withSpan } from '#platform/telemetry'
import { taskKey } from './learning-window.ts'
import { TrialRunner, type TrialInput } from './trial-runner.ts'
import type { TrainingServices } from './training-services.ts'
import type { TrainingSpec } from './training-spec.ts'

/** A trial that ran every fold. */
export type CompleteTrial = TrialRecord & { readonly score: number }

/** Every trial by number, and the best. */
export interface SearchOutcome {
  readonly trials: readonly TrialRecord[]
  readonly best: CompleteTrial
  /** Trials that the budget left, of those asked for; null: all of them. */
  readonly cut: SearchCut | null
}

/** Where a budget ended a search. */
export interface SearchCut {
  readonly trials: number
  readonly of: number
}

/**
 * The search. A trial starts when the trials it may learn from have finished, and reads only those, so the list of
 * trials is the same whatever the number of threads. Throws TOO_MANY_FAILURES, and whatever interrupts the run.
 */
export async function searchTrials(
  spec: TrainingSpec,
  input: TrialInput,
  services: TrainingServices,
): Promise<SearchOutcome> {
  const { visibility } = spec.search
  const { trials: count } = input.window
  const isFinal = input.window.step === null
  const runner = new TrialRunner(spec, input, services.tasks)
  const finished: (FinishedTrial & TrialRecord)[] = []
  const gate = new BudgetGate(count, isFinal, services)

  const runTrial = async (number: number): Promise<void> => {
    const visible = visibleTrials(finished, number, visibility)
    const ended = gate.asks(number)
    const trial = await withSpan('trial', { 'bullpen.trial': number }, () => runner.run(number, visible))
    finished.push(trial)
    ended(trial)
    // The run's trials are those of the registered model; those of outer steps are told by their scores alone.
    if (isFinal) await services.runs.recordTrial(input.runId, trial)
    const failure = runner.failures.get(number)
    if (failure)
      services.progress({
        kind: 'note',
        text: `${taskKey(input.window, `trial ${number}`)} failed: ${failure.code}: ${failure.message}`,
      })
    if (!isFinal) return
    const best = rankTrials(finished)[0]
    services.progress({
      kind: 'trial',
      number,
      trials: count,
      state: trial.state,
      score: trial.score,
      best: best ? { number: best.number, score: best.score!, naive: naiveOf(best) } : null,
    })
  }

  const running: Promise<void>[] = []
  try {
    for (let number = 0; number < count; number++) {
      await Promise.all(running.slice(0, visibleCount(number, visibility)))
      if (!(await gate.mayAsk(number))) break
      const trial = runTrial(number)
      // Heard from now on: it may be interrupted while an earlier one is awaited, which is being recorded.
      trial.catch(() => undefined)
      running.push(trial)
    }
    await Promise.all(running)
  } finally {
    // Nothing of the search goes on behind whoever hears of its end.
    await Promise.allSettled(running)
  }
  return { ...conclude(finished, runner), cut: gate.cut }
}

/**
 * Whether the budget lets a search ask for its next trial. Where it ends is decided once and written down before anybody
 * acts on it: a resumed run ends there as well, with or without a budget. Searches of outer steps are not cut: their
 * scores would be of another procedure.
 */
class BudgetGate {
  cut: SearchCut | null
  private readonly of: number
  private readonly services: TrainingServices
  private readonly pace: SearchPace
  private readonly isLimited: boolean

  constructor(of: number, isFinal: boolean, services: TrainingServices) {
    this.of = of
    this.services = services
    this.pace = new SearchPace(services.limit?.elapsedSeconds() ?? 0)
    this.isLimited = isFinal && services.limit !== undefined
    this.cut = isFinal ? ((services.tasks.decided('search-cut') as SearchCut | undefined) ?? null) : null
  }

  /** Throws BUDGET_TOO_SMALL when not even the first trial can be paid. */
  async mayAsk(trial: number): Promise<boolean> {
    if (this.cut) return trial < this.cut.trials
    const { limit, tasks, progress } = this.services
    if (!limit || !this.isLimited || trial < limit.knownTrials || limit.mayAsk(this.pace.forecast())) return true
    if (trial === 0) throw limit.tooSmall()
    const cut = { trials: trial, of: this.of }
    await tasks.decide('search-cut', cut)
    this.cut = cut
    progress({ kind: 'note', text: `the budget ends the search after ${trial} of ${this.of} trials` })
    return false
  }

  /** A trial begins; to be called with it when it has ended. */
  asks(number: number): (trial: TrialRecord) => void {
    const startedAt = this.services.now()
    this.pace.asked(number)
    return ({ durationMs }) => {
      // A trial whose folds were found tells how long they took when they were run.
      this.pace.ended(number, Math.max(this.services.now() - startedAt, durationMs) / 1000)
    }
  }
}

function conclude(
  finished: readonly (FinishedTrial & TrialRecord)[],
  runner: TrialRunner,
): Pick<SearchOutcome, 'trials' | 'best'> {
  const trials = [...finished].sort((a, b) => a.number - b.number)
  const best = rankTrials(trials)[0]
  if (best) return { trials, best: best as CompleteTrial }
  const failed = trials.filter((trial) => trial.state === 'failed').length
  const first = [...runner.failures.values()][0]?.message ?? 'every trial was pruned'
  throw new BullpenError('TOO_MANY_FAILURES', { failed, total: trials.length, allowed: trials.length - 1, first })
}

function naiveOf({ metrics }: TrialRecord): number | null {
  return metrics['naiveRocAucOvrWeighted'] ?? null
}
