import { formatTimeframe, type CandleSeries } from '#core/candles'
import { featureSet, featureSetNames } from '#core/features'
import type { AnsweringModel } from '#core/model'
import {
  championAlias,
  loadModel,
  type ModelManifest,
  type ModelVersion,
  type ObjectStore,
  type PromotionDecision,
  type PromotionEvidence,
  type Publisher,
} from '#core/registry'
import { rowsIn, valuesAt, type RowPlan, type TrainingTable } from '#core/selection'
import { forwardRows, judge, weigh, type ForwardAnswers } from '#core/winner'
import { alwaysHold, forwardAnswers } from './forward-answers.ts'
import { decisionText, standingAlone } from './decision-text.ts'

/** The model to be judged, and what it is judged on. */
export interface Challenger {
  readonly manifest: Omit<ModelManifest, 'model'>
  readonly model: AnsweringModel
  readonly series: CandleSeries
  readonly table: TrainingTable
  readonly plan: RowPlan
  /** Trials that its search made. */
  readonly trials: number
}

/** The gate's word on a challenger of this champion; null when nobody is. */
export async function judgeChallenger(
  challenger: Challenger,
  champion: ModelVersion | null,
  { registry, objects }: { readonly registry: Publisher; readonly objects: ObjectStore },
): Promise<PromotionDecision> {
  const about = { alias: championAlias, champion: champion?.version ?? null }
  if (champion === null) {
    const evidence = againstNobody(challenger)
    return {
      ...about,
      promoted: true,
      reason: 'first-version',
      evidence,
      text: standingAlone('the first version', evidence),
    }
  }
  const { manifest, version } = champion
  const [theirs, ours] = [seriesName(manifest.data), seriesName(challenger.manifest.data)]
  if (theirs !== ours) {
    const text = `the champion (version ${version}) answers for ${theirs}, this model for ${ours}; promote it by hand`
    return { ...about, promoted: false, reason: 'champion-of-another-series', evidence: null, text }
  }
  if (!canAnswer(manifest)) {
    const why = `the champion (version ${version}) needs features this code no longer computes`
    const evidence = againstNobody(challenger)
    return { ...about, promoted: true, reason: 'champion-cannot-answer', evidence, text: standingAlone(why, evidence) }
  }
  const rows = forwardRows(challenger.plan, challenger.table.openTime, manifest)
  const answers = forwardAnswers(await loadModel(manifest, objects), rows, challenger.series)
  const earlierTrials = trialsAgainst(version, challenger.manifest.runId, await registry.decisions(championAlias))
  const judged = judge(weighed(challenger, rows, { against: 'champion', answers, earlierTrials }))
  return { ...about, ...judged, text: decisionText(judged, version) }
}

/** The figures of a model that has no champion to beat: beside doing nothing. They decide nothing. */
function againstNobody(challenger: Challenger): PromotionEvidence {
  const { plan, table } = challenger
  const rows = forwardRows(plan, table.openTime, null)
  const answers = alwaysHold(rows.length, valuesAt(table.target, rowsIn(plan.development)))
  return weighed(challenger, rows, { against: 'always-hold', answers, earlierTrials: 0 })
}

function weighed(
  challenger: Challenger,
  rows: Uint32Array,
  rival: { against: PromotionEvidence['against']; answers: ForwardAnswers; earlierTrials: number },
): PromotionEvidence {
  const { model, manifest, series, table, trials } = challenger
  return weigh({
    against: rival.against,
    bars: series,
    rows,
    target: valuesAt(table.target, rows),
    challenger: forwardAnswers(model, rows, series),
    champion: rival.answers,
    reach: table.maxReach,
    runTrials: trials,
    earlierTrials: rival.earlierTrials,
    seed: manifest.seed,
  })
}

/** Trials of the other runs whose models were measured against this champion. */
function trialsAgainst(
  champion: number,
  runId: string,
  decisions: Awaited<ReturnType<Publisher['decisions']>>,
): number {
  return decisions.reduce((sum, { champion: rival, runId: other, evidence }) => {
    const measured = rival === champion && other !== runId && evidence !== null && evidence.afterFeeReturn !== null
    return measured ? sum + evidence.runTrials : sum
  }, 0)
}

function canAnswer({ contract }: ModelManifest): boolean {
  const { featureSet: name, featureSetHash } = contract
  return featureSetNames.includes(name) && featureSet(name).hash === featureSetHash
}

function seriesName({ symbol, widthMs }: ModelManifest['data']): string {
  return `${symbol} ${formatTimeframe(widthMs)}`
}
