import { BullpenError } from '#core/errors'
import {
  championAlias,
  publishModel,
  type ModelVersion,
  type ObjectStore,
  type PromotionDecision,
  type Publisher,
} from '#core/registry'
import { judgeChallenger, type Challenger } from './judge-challenger.ts'

/** What became of the new version. */
export interface Registration {
  readonly version: ModelVersion
  readonly decision: PromotionDecision
}

/** So often may the champion change while one model is judged. */
const championChanges = 5

/**
 * Registers the model with what the gate says of it, which moves `champion` or does not. Where another run moves it
 * meanwhile the model is judged again, against the new champion. Idempotent per run: what was decided first stays.
 */
export async function register(
  modelJson: Uint8Array,
  challenger: Challenger,
  services: { readonly registry: Publisher; readonly objects: ObjectStore },
): Promise<Registration> {
  const { registry } = services
  const { manifest } = challenger
  for (let attempt = 1; ; attempt++) {
    const decision =
      (await decidedBefore(registry, manifest.runId)) ??
      (await judgeChallenger(challenger, await registry.resolve(championAlias), services))
    try {
      return { version: await publishModel(services, modelJson, manifest, { decision }), decision }
    } catch (error) {
      if (attempt === championChanges || !isChampionChanged(error)) throw error
    }
  }
}

/** What the gate said when this run registered its model, null when it has not yet. */
async function decidedBefore(registry: Publisher, runId: string): Promise<PromotionDecision | null> {
  const recorded = (await registry.decisions(championAlias)).find((decision) => decision.runId === runId)
  if (recorded === undefined) return null
  const { alias, champion, promoted, reason, text, evidence } = recorded
  return { alias, champion, promoted, reason, text, evidence }
}

function isChampionChanged(error: unknown): boolean {
  return error instanceof BullpenError && error.details['reason'] === 'champion-changed'
}
