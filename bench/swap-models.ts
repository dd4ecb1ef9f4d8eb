import { featureSet } from '#core/features'
import { sha256 } from '#core/hashing'
import { exampleModelColumns, exampleModelJson } from '#core/model/testing'
import { newSigningKey, signCertificate, type ModelManifest } from '#core/registry'

/** What is wrong with a bad model. */
export type SwapFault = 'corrupted' | 'wrong schema' | 'wrong features'
export const swapFaults: readonly SwapFault[] = ['corrupted', 'wrong schema', 'wrong features']

const key = newSigningKey()
const scores = {
  rows: 400,
  rocAucOvrWeighted: 0.83,
  f1Weighted: 0.7,
  logLoss: 0.61,
  naiveRocAucOvrWeighted: 0.78,
  lift: 0.05,
}

/** A model of random trees over three columns and what the registry must know of it. */
export function swapModel(
  runId: string,
  rounds: number,
  fault?: SwapFault,
): { readonly content: Uint8Array; readonly manifest: ModelManifest } {
  const document = exampleModelJson(runId, rounds)
  if (fault === 'wrong schema') document.learner.objective.name = 'reg:squarederror'
  const content = new TextEncoder().encode(JSON.stringify(document))
  return { content, manifest: manifestOf(runId, content, fault) }
}

function manifestOf(runId: string, content: Uint8Array, fault: SwapFault | undefined): ModelManifest {
  const set = featureSet('reference')
  const model = { sha256: sha256(content), bytes: content.byteLength, format: 'xgboost-json' } as const
  const featureSetHash = fault === 'wrong features' ? 'a'.repeat(64) : set.hash
  const candles = sha256('candles')
  const statement = {
    format: 1 as const,
    runId,
    modelSha256: model.sha256,
    candlesSha256: candles,
    trainingTableSha256: sha256('table'),
    featureSetHash,
    checks: [{ name: 'none', passed: true, summary: 'a model of random trees', figures: {} }],
    passed: true,
    issuedAt: new Date(0).toISOString(),
  }
  return {
    model,
    contract: { featureSet: set.name, featureSetHash, columns: exampleModelColumns, policy: { kind: 'argmax' } },
    label: { name: 'swing', parameters: {} },
    data: {
      sha256: candles,
      source: 'sample:btcusdt-4h',
      symbol: 'BTC/USDT',
      widthMs: 14_400_000,
      rows: 2195,
      firstOpenTime: 1_577_836_800_000,
      lastOpenTime: 1_609_430_400_000,
      gaps: 0,
    },
    splits: {},
    search: {},
    seed: 1,
    parameters: {},
    crossValidation: scores,
    heldOut: scores,
    engine: { name: 'none', version: '0' },
    versions: { bullpen: '0.1.0', node: process.version },
    gitCommit: null,
    runId,
    notes: ['random trees, for measuring only'],
    certificate: signCertificate(statement, key),
  }
}
