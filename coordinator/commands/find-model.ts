import { formatTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import type { ModelRegistry, ModelVersion } from '#core/registry'

/** A version by number, or by the alias that points at it. Throws UNKNOWN_NAME, MODEL_VERSION_NOT_FOUND. */
export async function findModel(name: string, registry: ModelRegistry): Promise<ModelVersion> {
  if (/^\d+$/.test(name)) return registry.get(Number(name))
  const found = await registry.resolve(name)
  if (found) return found
  const known = Object.keys(await registry.aliases()).join(', ') || 'none yet (bullpen weekly makes the first)'
  throw new BullpenError('UNKNOWN_NAME', { kind: 'alias', name, known })
}

/** A model of 1-hour bars knows nothing of 4-hour bars: the same feature means another span of time. */
export function requireSameWidth(model: number, candles: number): void {
  if (model === candles) return
  throw new BullpenError('WIDTH_DIFFERS', { model: formatTimeframe(model), candles: formatTimeframe(candles) })
}
