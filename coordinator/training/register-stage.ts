import { formatTimeframe, type CandleSeries } from '#core/candles'
import { computeFeatures, featureSet, featureSetNames } from '#core/features'
import { noCalibration } from '#core/model'
import {
  championAlias,
  loadForest,
  publishModel,
  type ModelManifest,
  type ModelVersion,
  type ObjectStore,
  type Publisher,
  type ScoreCard,
} from '#core/registry'
import type { RowPlan, TrainingTable } from '#core/selection'
import { betterOnHeldOut } from '#core/winner'
import { scoreHeldOut } from './fit-stage.ts'

/** What became of the new version. */
export interface Registration {
  readonly version: ModelVersion
  readonly promotion: { readonly promoted: boolean; readonly reason: string; readonly text: string }
}

/** What the challenger is judged on. */
export interface Judgement {
  readonly series: CandleSeries
  readonly table: TrainingTable
  readonly plan: RowPlan
}

/**
 * Registers the model and moves `champion` to it when it is the first, or better than the champion of the same symbol
 * and width on the very same held-out rows. Interim rule until a statistical promotion gate exists; the manifest says
 * so. Idempotent per run.
 */
export async function register(
  modelJson: Uint8Array,
  manifest: Omit<ModelManifest, 'model'>,
  judgement: Judgement,
  { registry, objects }: { registry: Publisher; objects: ObjectStore },
): Promise<Registration> {
  const champion = await registry.resolve(championAlias)
  const promotion = await decide(manifest, champion, judgement, objects)
  const alias = promotion.promoted ? { name: championAlias, reason: promotion.text } : undefined
  return { version: await publishModel({ registry, objects }, modelJson, manifest, alias), promotion }
}

async function decide(
  challenger: Pick<ModelManifest, 'runId' | 'heldOut' | 'data'>,
  champion: ModelVersion | null,
  judgement: Judgement,
  objects: ObjectStore,
): Promise<Registration['promotion']> {
  if (!champion) return { promoted: true, reason: 'first-version', text: 'the first version' }
  if (champion.manifest.runId === challenger.runId) {
    return { promoted: true, reason: 'already-champion', text: 'this run had already made the champion' }
  }
  const [theirs, ours] = [seriesName(champion.manifest.data), seriesName(challenger.data)]
  if (theirs !== ours) {
    const text = `the champion (version ${champion.version}) answers for ${theirs}, this model for ${ours}; promote it by hand`
    return { promoted: false, reason: 'champion-of-another-series', text }
  }
  const card = await scoreChampion(champion, judgement, objects)
  if (!card) {
    const text = `the champion (version ${champion.version}) needs features this code no longer computes`
    return { promoted: true, reason: 'champion-cannot-answer', text }
  }
  const { promote, reason } = betterOnHeldOut(challenger.heldOut, card)
  const lifts = `lift ${reason.challengerLift.toFixed(4)} against ${reason.championLift.toFixed(4)} of version ${champion.version}`
  return { promoted: promote, reason: reason.rule, text: `${lifts} on the same ${card.rows} held-out rows` }
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
