import { formatTimeframe, type CandleSeries } from '#core/candles'
import { BullpenError } from '#core/errors'
import { computeFeatures, featureSet, featureSetNames } from '#core/features'
import { noCalibration } from '#core/model'
import {
  championAlias,
  loadForest,
  publishModel,
  type ModelManifest,
  type ModelVersion,
  type ObjectStore,
  type PromotionDecision,
  type Publisher,
  type ScoreCard,
} from '#core/registry'
import type { RowPlan, TrainingTable } from '#core/selection'
import { betterOnHeldOut } from '#core/winner'
import { scoreHeldOut } from './fit-stage.ts'

/** What became of the new version. */
export interface Registration {
  readonly version: ModelVersion
  readonly decision: PromotionDecision
}

/** What the challenger is judged on. */
export interface Judgement {
  readonly series: CandleSeries
  readonly table: TrainingTable
  readonly plan: RowPlan
}

/**
 * Registers the model with what the gate says of it, which moves `champion` or does not. Where another run moves it
 * meanwhile the model is judged again, against the new champion. Idempotent per run: the decision made first stays.
 */
export async function register(
  modelJson: Uint8Array,
  manifest: Omit<ModelManifest, 'model'>,
  judgement: Judgement,
  { registry, objects }: { registry: Publisher; objects: ObjectStore },
): Promise<Registration> {
  for (let attempt = 1; ; attempt++) {
    const champion = await registry.resolve(championAlias)
    const decision = await decide(manifest, champion, judgement, objects)
    try {
      const version = await publishModel({ registry, objects }, modelJson, manifest, { decision })
      const recorded = (await registry.decisions(championAlias)).find(({ runId }) => runId === manifest.runId)
      return { version, decision: recorded ?? decision }
    } catch (error) {
      if (attempt === championChanges || !isChampionChanged(error)) throw error
    }
  }
}

/** So often may the champion change while one model is judged. */
const championChanges = 5

function isChampionChanged(error: unknown): boolean {
  return error instanceof BullpenError && error.code === 'PROMOTION_REFUSED'
}

async function decide(
  challenger: Pick<ModelManifest, 'runId' | 'heldOut' | 'data'>,
  champion: ModelVersion | null,
  judgement: Judgement,
  objects: ObjectStore,
): Promise<PromotionDecision> {
  const about = { alias: championAlias, champion: champion?.version ?? null, evidence: null }
  if (!champion) return { ...about, promoted: true, reason: 'first-version', text: 'the first version' }
  const [theirs, ours] = [seriesName(champion.manifest.data), seriesName(challenger.data)]
  if (theirs !== ours) {
    const text = `the champion (version ${champion.version}) answers for ${theirs}, this model for ${ours}; promote it by hand`
    return { ...about, promoted: false, reason: 'champion-of-another-series', text }
  }
  const card = await scoreChampion(champion, judgement, objects)
  if (!card) {
    const text = `the champion (version ${champion.version}) needs features this code no longer computes`
    return { ...about, promoted: true, reason: 'champion-cannot-answer', text }
  }
  const { reason } = betterOnHeldOut(challenger.heldOut, card)
  const lifts = `lift ${reason.challengerLift.toFixed(4)} against ${reason.championLift.toFixed(4)} of version ${champion.version}`
  const text = `${lifts} on the same ${card.rows} held-out rows`
  return { ...about, promoted: false, reason: 'not-better', text }
}

/** The champion on the challenger's held-out rows, with the features it knows; null when this code cannot compute them. */
async function scoreChampion(
  { manifest }: ModelVersion,
  { series, table, plan }: Judgement,
  objects: ObjectStore,
): Promise<ScoreCard | null> {
  const { featureSet: name, featureSetHash, columns, calibration = noCalibration } = manifest.contract
  if (!featureSetNames.includes(name) || featureSet(name).hash !== featureSetHash) return null
  const features = featureSetHash === table.featureSetHash ? table : computeFeatures(series, featureSet(name))
  const positions = columns.map((column) => features.columns.indexOf(column))
  const forest = await loadForest(manifest, objects)
  const model = { forest, calibration }
  return scoreHeldOut(model, { ...table, columns: features.columns, values: features.values }, positions, plan).card
}

function seriesName({ symbol, widthMs }: ModelManifest['data']): string {
  return `${symbol} ${formatTimeframe(widthMs)}`
}
