import { labeler } from '#core/labels'
import { computeFeatures, featureSet } from '#core/features'
import type { CandleSeries } from '#core/candles'
import type { ModelManifest } from '#core/registry'
import { exampleManifest } from '#core/registry/testing/examples'
import { sha256 } from '#core/hashing'
import { openBooster, resolveEngine } from '#platform/xgboost'

/** A model fitted in well under a second, and its manifest. */
export interface TrainedModel {
  readonly manifest: ModelManifest
  readonly content: Uint8Array
}

/**
 * Fits a small model on a series: really trained, on every column of the reference set, but searched for by nobody.
 * Models of one `runId` are the same; another seed gives another model.
 */
export async function trainModel(series: CandleSeries, runId: string, seed = 1): Promise<TrainedModel> {
  const set = featureSet('reference')
  const features = computeFeatures(series, set)
  const { target, complete } = labeler('swing').label(series)
  const columns = set.columns.length
  const data = new Float32Array(series.rows * columns)
  set.columns.forEach((name, c) => {
    features.column(name).forEach((value, row) => (data[row * columns + c] = value))
  })
  const rows = Uint32Array.from({ length: series.rows }, (_, row) => row).filter(
    (row) => row >= set.warmup && complete[row] === 1,
  )
  const booster = await openBooster(await resolveEngine('auto'))
  const { json } = booster.fit({
    matrix: { rows: series.rows, columns, data },
    labels: Float32Array.from(target, (value) => value + 1),
    rows,
    parameters: {
      objective: 'multi:softprob',
      classes: 3,
      rounds: 15,
      learningRate: 0.3,
      maxDepth: 4,
      minChildWeight: 1,
      subsample: 0.8,
      colsampleByTree: 0.5,
      gamma: 0,
      lambda: 1,
      alpha: 0,
      maxBin: 64,
      seed,
    },
  })
  const content = new TextEncoder().encode(json)
  const manifest = exampleManifest(runId, {
    model: { sha256: sha256(content), bytes: content.length, format: 'xgboost-json' },
    contract: {
      featureSet: set.name,
      featureSetHash: set.hash,
      columns: set.columns,
      policy: { kind: 'argmax' },
    },
    data: {
      sha256: sha256('sample'),
      source: series.symbol,
      symbol: series.symbol,
      widthMs: series.widthMs,
      rows: series.rows,
      firstOpenTime: series.openTime[0]!,
      lastOpenTime: series.openTime.at(-1)!,
      gaps: series.gaps.length,
    },
  })
  return { manifest, content }
}
