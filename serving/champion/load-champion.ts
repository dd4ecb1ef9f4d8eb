import { formatTimeframe } from '#core/candles'
import { BullpenError } from '#core/errors'
import { sha256 } from '#core/hashing'
import { AnsweringModel, featureSetOf } from '#core/model'
import {
  checkManifest,
  requireCertificate,
  type ModelManifest,
  type ModelVersion,
  type ObjectStore,
} from '#core/registry'
import { verdicts } from '#core/verdict'
import type { SeriesKey } from '../ports.ts'
import type { ReadForest } from './read-forest.ts'

/** A version and what it is. */
export type ChampionRecord = Pick<ModelVersion, 'version' | 'manifest'>

/** What a model has to be for. */
export interface Post {
  readonly alias: string
  /** Undefined: whatever series the model is for. */
  readonly series: SeriesKey | undefined
  /** Which other alias answers for a series already, if any. */
  readonly takenBy: (series: SeriesKey) => string | undefined
}

/**
 * A version with its bytes, all of it checked except how it answers: manifest, certificate if it has one, series, feature-set hash and columns
 * before anything is fetched; then the hash and length of the bytes, the model's schema, its classes and that every
 * number in it is finite.
 *
 * @param objects asked once, for the bytes
 * @throws MANIFEST_INVALID, CERTIFICATE_INVALID, CERTIFICATE_FAILED, MODEL_SERIES_DIFFERS, UNKNOWN_NAME, FEATURES_DIFFER, OBJECT_NOT_FOUND, OBJECT_CORRUPT,
 *   MODEL_INVALID, MATRIX_MISMATCH: the model is at fault, every time; and whatever else `objects` throws
 */
export async function loadChampion(
  { version, manifest }: ChampionRecord,
  post: Post,
  objects: Pick<ObjectStore, 'get'>,
  readForest: ReadForest,
): Promise<AnsweringModel> {
  checkManifest(manifest)
  if (manifest.certificate) requireCertificate(manifest)
  checkSeries(version, manifest, post)
  featureSetOf(manifest.contract)
  const json = checkBytes(manifest, await objects.get(manifest.model.sha256))
  const model = new AnsweringModel(await readForest(json), manifest.contract)
  checkForest(model)
  return model
}

/** The series a model was trained for. */
export function seriesOf({ data: { symbol, widthMs } }: ModelManifest): SeriesKey {
  return { symbol, widthMs }
}

function checkSeries(version: number, { data }: ModelManifest, { alias, series, takenBy }: Post): void {
  const differs = (other: string): never => {
    throw new BullpenError('MODEL_SERIES_DIFFERS', { version, model: nameOf(data), alias, series: other })
  }
  if (series !== undefined && (series.symbol !== data.symbol || series.widthMs !== data.widthMs)) {
    differs(nameOf(series))
  }
  const other = takenBy(data)
  if (other !== undefined) differs(`a series that alias ${other} does not answer for`)
}

function nameOf({ symbol, widthMs }: SeriesKey): string {
  return `${symbol} ${formatTimeframe(widthMs)}`
}

/** Stores verify what they hand out; this holds whatever store it was, and the manifest to its word. */
function checkBytes({ model }: ModelManifest, bytes: Uint8Array): Uint8Array {
  const actual = sha256(bytes)
  if (actual !== model.sha256) throw new BullpenError('OBJECT_CORRUPT', { sha256: model.sha256, actual })
  if (bytes.byteLength === model.bytes) return bytes
  const reason = `it says ${model.bytes} bytes, the model has ${bytes.byteLength}`
  throw new BullpenError('MANIFEST_INVALID', { path: '/model/bytes', reason })
}

function checkForest({ forest }: AnsweringModel): void {
  if (forest.groups !== verdicts.length) {
    throw new BullpenError('MODEL_INVALID', { reason: `it scores ${forest.groups} classes, not ${verdicts.length}` })
  }
  if (!forest.nodes.leaf.every(Number.isFinite)) {
    throw new BullpenError('MODEL_INVALID', { reason: 'a leaf of it is not a finite number' })
  }
}
