import { buyAndHold, checkCosts, judgeStrategies, targetPositions, type Strategy } from '#core/backtest'
import { formatTime, sliceSeries, type CandleSeries } from '#core/candles'
import { computeFeatures, type FeatureSet, type FeatureTable } from '#core/features'
import type { AnsweringModel } from '#core/model'
import { championAlias, type ModelRegistry, type ModelVersion } from '#core/registry'
import { answerRows, type RowAnswers } from '../backtest/index.ts'
import {
  cadences,
  type ReplayChoices,
  type ReplayedCadence,
  type ReplayedTraining,
  type ReplayResult,
  type Cadence,
} from './replay-result.ts'
import type { WeekTrainer } from './week-trainer.ts'

/** What a replay works with. */
export interface ReplayParts {
  readonly trainer: WeekTrainer
  /** An empty registry for one cadence: a replay has champions of its own and never sees the live one. */
  readonly openRegistry: () => ModelRegistry
  readonly loadModel: (version: ModelVersion) => Promise<AnsweringModel>
  /** Label look-ahead in bars: the least block of the intervals. */
  readonly reach: number
  readonly note: (text: string) => void
}

const weekMs = 604_800_000

/**
 * Lives through the last weeks again: at the beginning of each, a model is trained on the candles that had closed by
 * then, the gate judges it, and the champion of that week answers for its bars. Every cadence has its own registry.
 * Trainings of the same week are one run, whatever the cadence. Throws what training throws: TOO_FEW_ROWS where the
 * first week has too little history.
 */
export async function replayPipeline(
  series: CandleSeries,
  choices: ReplayChoices,
  parts: ReplayParts,
): Promise<ReplayResult> {
  const { weeks, rules, draws, seed } = choices
  const costs = checkCosts(choices.costs)
  const moments = momentsOf(series, weeks)
  const tables = new FeatureTables(series)
  const lives = cadences.map((cadence) => new Life(cadence, series, tables, parts))
  for (const [week, moment] of moments.entries()) {
    parts.note(`week ${week + 1} of ${weeks}: what was known at ${formatTime(moment.at)} (${moment.known} bars)`)
    const end = moments[week + 1]?.known ?? series.rows
    for (const life of lives) await life.live(week, moment, end)
  }
  const start = moments[0]!.known
  const bars = sliceSeries(series, start, series.rows)
  const strategies: Strategy[] = [
    ...lives.map(({ cadence, verdicts, probabilities }) => {
      return { name: cadence.name, targets: targetPositions(verdicts, rules, probabilities) }
    }),
    { name: buyAndHold, targets: new Float64Array(bars.rows).fill(1) },
  ]
  const block = Math.max(parts.reach, Math.ceil(Math.cbrt(bars.rows)))
  const judge = (benchmark: string) =>
    judgeStrategies(bars, strategies, { costs, benchmark, resampling: { block, draws, seed } })
  const { symbol, widthMs } = series
  return {
    ...{ symbol, widthMs, weeks, bars, rules, costs, block },
    cadences: lives.map((life): ReplayedCadence => ({ ...life.cadence, trainings: life.trainings })),
    strategies: judge(buyAndHold),
    computed: lives.reduce((sum, life) => sum + life.computed, 0),
    aheadOfNever: judge(cadences.at(-1)!.name)[0]!.spread?.ahead ?? null,
  }
}

/** The beginning of a week and how many bars had closed by then. */
interface Moment {
  readonly at: number
  readonly known: number
}

/** Weeks are counted back from the last close. */
function momentsOf({ openTime, widthMs, rows }: CandleSeries, weeks: number): Moment[] {
  const lastClose = openTime[rows - 1]! + widthMs
  return Array.from({ length: weeks }, (_, week) => {
    const at = lastClose - (weeks - week) * weekMs
    return { at, known: openTime.filter((time) => time + widthMs <= at).length }
  })
}

/** The model that answers. */
interface Champion {
  readonly version: number
  readonly model: AnsweringModel
}

/** Features of the whole series, once for all cadences: a row of them knows nothing of later rows. */
class FeatureTables {
  private readonly series: CandleSeries
  private readonly tables = new Map<string, FeatureTable>()

  constructor(series: CandleSeries) {
    this.series = series
  }

  of(set: FeatureSet): FeatureTable {
    const table = this.tables.get(set.hash) ?? computeFeatures(this.series, set)
    this.tables.set(set.hash, table)
    return table
  }
}

/** Hold, where the gate has let no model pass yet. */
function unanswered(rows: number): RowAnswers {
  const probabilities = Float64Array.from({ length: rows * 3 }, (_, i) => (i % 3 === 1 ? 1 : 0))
  return { verdict: new Int8Array(rows), probabilities }
}

/** One cadence from week to week. */
class Life {
  readonly cadence: Cadence
  readonly trainings: ReplayedTraining[] = []
  readonly verdicts: number[] = []
  readonly probabilities: number[] = []
  computed = 0
  private readonly series: CandleSeries
  private readonly tables: FeatureTables
  private readonly parts: ReplayParts
  private readonly registry: ModelRegistry
  private champion: Champion | undefined

  constructor(cadence: Cadence, series: CandleSeries, tables: FeatureTables, parts: ReplayParts) {
    this.cadence = cadence
    this.series = series
    this.tables = tables
    this.parts = parts
    this.registry = parts.openRegistry()
  }

  async live(week: number, { at, known }: Moment, end: number): Promise<void> {
    const { everyWeeks, name, gated } = this.cadence
    if (week === 0 || week % everyWeeks === 0) {
      const { version, promoted, text, computed } = await this.parts.trainer.train(
        sliceSeries(this.series, 0, known),
        this.registry,
      )
      this.computed += computed
      this.trainings.push({ week, at, runId: version.manifest.runId, promoted, text })
      if (!gated) await this.crown(version)
      this.parts.note(`${name}, week ${week + 1}: ${promoted ? 'promoted' : 'not promoted'}, ${text}`)
    }
    if (gated) await this.crown(await this.registry.resolve(championAlias))
    const answers = this.champion ? this.answersOf(this.champion, known, end) : unanswered(end - known)
    for (const verdict of answers.verdict) this.verdicts.push(verdict)
    for (const probability of answers.probabilities) this.probabilities.push(probability)
  }

  private answersOf({ model }: Champion, start: number, end: number): RowAnswers {
    return answerRows(this.series, model, start, end, this.tables.of(model.set))
  }

  private async crown(version: ModelVersion | null): Promise<void> {
    if (version === null || version.version === this.champion?.version) return
    this.champion = { version: version.version, model: await this.parts.loadModel(version) }
  }
}
