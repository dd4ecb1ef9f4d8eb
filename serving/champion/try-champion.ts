import { asBullpenError, BullpenError } from '#core/errors'
import type { AnsweringModel } from '#core/model'
import { within } from '#platform/attempts'
import type { ChampionOptions, ChampionParts } from './champion-parts.ts'
import { loadChampion, seriesOf, type ChampionRecord, type Post } from './load-champion.ts'
import { rehearse } from './rehearse.ts'

/** How a trial ended: with a model that may answer, and its bytes when they had to be fetched; or with its fault. */
export type Trial =
  | { readonly fault: null; readonly model: AnsweringModel; readonly bytes: Uint8Array | undefined }
  | { readonly fault: BullpenError }

type TrialParts = Pick<ChampionParts, 'objects' | 'cache' | 'book' | 'readForest'>

/**
 * Fetches a version, checks it and tries it on the newest candles, for which its series is served with its feature set.
 *
 * @param loaded the model, when it has answered before: then it is only tried
 * @throws when something else is at fault: what is away, or the signal's reason
 */
export async function tryChampion(
  record: ChampionRecord,
  post: Post,
  parts: TrialParts,
  options: ChampionOptions,
  signal: AbortSignal,
  loaded?: AnsweringModel,
): Promise<Trial> {
  let bytes: Uint8Array | undefined
  const get = async (name: string): Promise<Uint8Array> => {
    const kept = await parts.cache.bytes(name)
    return kept ?? (bytes = await fetched(name, parts, options, signal))
  }
  let model = loaded
  try {
    model ??= await loadChampion(record, post, { get }, parts.readForest)
  } catch (error) {
    return faultOf(asBullpenError(error), signal)
  }
  const series = seriesOf(record.manifest)
  const { registryMs, rehearsal: limits } = options
  await within(parts.book.serve(series, model.set), registryMs, () => registryLate(registryMs), signal)
  try {
    await rehearse(record.version, model, parts.book.recentFeatures(series, limits.rows), limits, { signal })
  } catch (error) {
    return faultOf(asBullpenError(error), signal)
  }
  return { fault: null, model, bytes }
}

/** What a registry, or the candles beside it, that does not answer is taken for. */
export function registryLate(ms: number): never {
  throw new BullpenError('DATABASE_UNAVAILABLE', { database: 'registry', reason: `no answer within ${ms / 1000} s` })
}

/** Who is away says nothing about the model; whatever else is thrown would be thrown every time. */
function faultOf(error: BullpenError, signal: AbortSignal): Trial {
  signal.throwIfAborted()
  if (error.retryable) throw error
  return { fault: error }
}

async function fetched(
  name: string,
  { objects }: TrialParts,
  { objectsMs }: ChampionOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const unavailable = (reason: string): BullpenError =>
    new BullpenError('OBJECT_STORE_UNAVAILABLE', { store: objects.describe, reason })
  const late = (): never => {
    throw unavailable(`no answer within ${objectsMs / 1000} s`)
  }
  try {
    return await within(objects.get(name), objectsMs, late, signal)
  } catch (error) {
    throw error instanceof BullpenError ? error : unavailable(String(error))
  }
}
