import {
  publishModel,
  type ModelManifest,
  type ModelRegistry,
  type ModelVersion,
  type ObjectStore,
  type ScoreCard,
} from '#core/registry'
import type { RowPlan, TrainingTable } from '#core/selection'
import { betterOnHeldOut } from '#core/winner'
import { loadForest } from '../models/load-model.ts'
import { scoreHeldOut } from './fit-stage.ts'

/** The alias that answers. */
export const championAlias = 'champion'

/** What became of the new version. */
export interface Registration {
  readonly version: ModelVersion
  readonly promotion: { readonly promoted: boolean; readonly reason: string; readonly text: string }
}

/** What the challenger is judged on. */
export interface Judgement {
  readonly table: TrainingTable
  readonly plan: RowPlan
}

/**
 * Registers the model and moves `champion` to it when it is the first, or better than the champion on the very same
 * held-out rows. Interim rule until a statistical promotion gate exists; the manifest says so. Idempotent per run.
 */
export async function register(
  modelJson: Uint8Array,
  manifest: Omit<ModelManifest, 'model'>,
  judgement: Judgement,
  { registry, objects }: { registry: ModelRegistry; objects: ObjectStore },
): Promise<Registration> {
  const champion = await registry.resolve(championAlias)
  const promotion = await decide(manifest, champion, judgement, objects)
  const alias = promotion.promoted ? { name: championAlias, reason: promotion.text } : undefined
  return { version: await publishModel({ registry, objects }, modelJson, manifest, alias), promotion }
}

async function decide(
  challenger: Pick<ModelManifest, 'runId' | 'heldOut'>,
  champion: ModelVersion | null,
  judgement: Judgement,
  objects: ObjectStore,
): Promise<Registration['promotion']> {
  if (!champion) return { promoted: true, reason: 'first-version', text: 'the first version' }
  if (champion.manifest.runId === challenger.runId) {
    return { promoted: true, reason: 'already-champion', text: 'this run had already made the champion' }
  }
  const card = await scoreChampion(champion, judgement, objects)
  if (!card) {
    const text = `the champion (version ${champion.version}) was trained on another feature set or another code of it`
    return { promoted: true, reason: 'champion-not-comparable', text }
  }
  const { promote, reason } = betterOnHeldOut(challenger.heldOut, card)
  const lifts = `lift ${reason.challengerLift.toFixed(4)} against ${reason.championLift.toFixed(4)} of version ${champion.version}`
  return { promoted: promote, reason: reason.rule, text: `${lifts} on the same ${card.rows} held-out rows` }
}

/** The champion on the challenger's held-out rows; null when it cannot read this table. */
async function scoreChampion(
  { manifest }: ModelVersion,
  { table, plan }: Judgement,
  objects: ObjectStore,
): Promise<ScoreCard | null> {
  if (manifest.contract.featureSetHash !== table.featureSetHash) return null
  const columns = manifest.contract.columns.map((name) => table.columns.indexOf(name))
  return scoreHeldOut(await loadForest(manifest, objects), table, columns, plan).card
}
