import { formatTime } from '#core/candles'
import type { LabelStatistics } from '#core/labels'
import type { ModelManifest, OutOfSampleRecord, PromotionDecision, ScoreCard, TrialRecord } from '#core/registry'
import type { ClassProbabilities, Verdict } from '#core/verdict'
import type { RunCost } from '../cost/index.ts'
import type { SearchCut } from './search-stage.ts'
import type { StageTiming } from './stage-timer.ts'
import type { TrainingResult } from './training-run.ts'

/** The document of a finished run: what `--json` prints and the run keeps as its summary. */
export interface TrainingOutcome {
  readonly runId: string
  readonly model: { readonly version: number; readonly sha256: string; readonly champion: boolean }
  /** Whether the version became champion, and why: reason, sentence and the evidence of the gate. */
  readonly promotion: PromotionDecision
  readonly verdict: Verdict
  readonly probabilities: ClassProbabilities
  /** The newest candle, which the verdict is for. */
  readonly candle: { readonly symbol: string; readonly openTime: string; readonly close: number }
  readonly metrics: {
    readonly crossValidation: ScoreCard
    readonly heldOut: ScoreCard
    /** Absent without outer steps. */
    readonly outOfSample?: OutOfSampleRecord
  }
  readonly label: ModelManifest['label'] & { readonly statistics: LabelStatistics }
  readonly search: {
    readonly trials: readonly Pick<TrialRecord, 'number' | 'state' | 'parameters' | 'score'>[]
    readonly best: number
    /** Where the budget ended it; null: nowhere. */
    readonly cut: SearchCut | null
  }
  readonly columns: readonly string[]
  readonly data: ModelManifest['data']
  readonly engine: ModelManifest['engine']
  readonly seed: number
  readonly stages: readonly StageTiming[]
  /** Wall time of the stages, and how much of it training took: time inside the booster over the threads; ms. */
  readonly timing: { readonly wallMs: number; readonly trainingMs: number }
  /** What the run cost until then; null: not known. */
  readonly cost: RunCost | null
  readonly reportPath: string
  /** SHA-256 of the report in the object store, where it stays when this home has gone. */
  readonly reportObject: string
}

/** The outcome document of a result. */
export function outcomeOf(
  result: TrainingResult,
  { cost, threads, ...report }: Pick<TrainingOutcome, 'reportPath' | 'reportObject' | 'cost'> & { threads: number },
): TrainingOutcome {
  const { runId, registration, newest, search, stages } = result
  const { version, manifest } = registration.version
  return {
    runId,
    model: { version, sha256: manifest.model.sha256, champion: registration.decision.promoted },
    promotion: registration.decision,
    verdict: newest.verdict,
    probabilities: newest.probabilities,
    candle: { symbol: result.series.symbol, openTime: formatTime(newest.openTime), close: newest.close },
    metrics: {
      crossValidation: manifest.crossValidation,
      heldOut: manifest.heldOut,
      ...(manifest.outOfSample && { outOfSample: manifest.outOfSample }),
    },
    label: { ...manifest.label, statistics: result.labels },
    search: {
      trials: search.trials.map(({ number, state, parameters, score }) => ({ number, state, parameters, score })),
      best: search.best.number,
      cut: search.cut,
    },
    columns: manifest.contract.columns,
    data: manifest.data,
    engine: manifest.engine,
    seed: manifest.seed,
    stages,
    timing: timingOf(stages, threads),
    cost,
    ...report,
  }
}

function timingOf(stages: readonly StageTiming[], threads: number): TrainingOutcome['timing'] {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const fitMs = sum(stages.map((stage) => stage.fitMs))
  return { wallMs: sum(stages.map(({ ms }) => ms)), trainingMs: Math.round(fitMs / Math.max(1, threads)) }
}

/** The outcome for a person, in a few lines. */
export function outcomeLines(outcome: TrainingOutcome): string[] {
  const { model, promotion, candle, probabilities, metrics } = outcome
  const { heldOut, outOfSample } = metrics
  const share = (p: number) => `${(p * 100).toFixed(1)} %`
  return [
    '',
    `${outcome.verdict.toUpperCase()}  ${candle.symbol} at ${candle.openTime} (close ${candle.close})`,
    `  sell ${share(probabilities.sell)}  hold ${share(probabilities.hold)}  buy ${share(probabilities.buy)}`,
    `model    version ${model.version}, ${model.champion ? 'champion' : 'not champion'}: ${promotion.text}`,
    `held out ${scoreText(heldOut)}`,
    ...(outOfSample ? [`out of sample, ${outOfSample.steps.length} outer steps: ${scoreText(outOfSample.score)}`] : []),
    `price    ${outcome.cost?.words ?? 'not known'}`,
    ...(outcome.search.cut
      ? [`search   cut by the budget after ${outcome.search.cut.trials} of ${outcome.search.cut.of} trials`]
      : []),
    `report   ${outcome.reportPath}`,
  ]
}

function scoreText({ rocAucOvrWeighted: auc, naiveRocAucOvrWeighted: naive, lift, rows }: ScoreCard): string {
  const skill = lift > 0 ? '' : ': it ranks no better than a number that knows nothing'
  return `AUC ${auc.toFixed(4)}, naive ${naive.toFixed(4)}, lift ${lift.toFixed(4)} on ${rows} rows${skill}`
}
