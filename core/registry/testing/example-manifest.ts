import { sha256 } from '#core/hashing'
import {
  signCertificate,
  type Certificate,
  type CertificateStatement,
  type LeakCheck,
  type ModelManifest,
  type ScoreCard,
} from '#core/registry'

const scores: ScoreCard = {
  rows: 400,
  rocAucOvrWeighted: 0.83,
  f1Weighted: 0.7,
  logLoss: 0.61,
  naiveRocAucOvrWeighted: 0.78,
  lift: 0.05,
}

/** A whole, valid manifest of the given run. */
export function exampleManifest(runId: string, changes: Partial<ModelManifest> = {}): ModelManifest {
  const manifest: ModelManifest = {
    model: { sha256: sha256(`model of ${runId}`), bytes: 123_456, format: 'xgboost-json' },
    contract: {
      featureSet: 'reference',
      featureSetHash: sha256('features'),
      columns: ['rsi_14', 'sma_50'],
      policy: { kind: 'thresholds', buy: 0.55, sell: 0.6 },
    },
    label: { name: 'swing', parameters: { window: 12, unit: 'bars' } },
    data: {
      sha256: sha256('candles'),
      source: 'sample:btcusdt-4h',
      symbol: 'BTC/USDT',
      widthMs: 14_400_000,
      rows: 2195,
      firstOpenTime: 1_577_836_800_000,
      lastOpenTime: 1_609_430_400_000,
      gaps: 1,
    },
    splits: { kind: 'purged', folds: 3, embargo: 60 },
    search: { sampler: 'tpe', space: 'reference', trials: 20, nested: { values: [1, 2.5, null, true] } },
    seed: 7,
    parameters: { rounds: 300, learningRate: 1e-7, objective: 'multi:softprob' },
    crossValidation: scores,
    heldOut: { ...scores, rows: 100, lift: -0.01 },
    engine: { name: 'native', version: '1.7.4' },
    versions: { bullpen: '0.1.0', node: 'v20.19.0' },
    gitCommit: null,
    runId,
    notes: ['moving averages look back without bound and are not purged'],
    ...changes,
  }
  return 'certificate' in changes ? manifest : certified(manifest)
}

/** The manifest with a passing certificate of its own, in place of any it had. */
export function certified(manifest: ModelManifest): ModelManifest {
  return { ...manifest, certificate: exampleCertificate(manifest) }
}

/** A passing certificate of the manifest's model, signed by {@link exampleSigningKey}. */
export function exampleCertificate(
  { runId, model, data, contract }: ModelManifest,
  checks: readonly LeakCheck[] = [{ name: 'features-causal', passed: true, summary: 'nothing leaks', figures: {} }],
): Certificate {
  const statement: CertificateStatement = {
    format: 1,
    runId,
    modelSha256: model.sha256,
    candlesSha256: data.sha256,
    trainingTableSha256: sha256('table'),
    featureSetHash: contract.featureSetHash,
    checks: [...checks],
    passed: checks.every(({ passed }) => passed),
    issuedAt: '2026-01-01T00:00:00.000Z',
  }
  return signCertificate(statement, exampleSigningKey())
}

/** The Ed25519 key made of 32 zero bytes (PKCS #8, RFC 8410): the same in every test, and no secret. */
function exampleSigningKey(): string {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32)])
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`
}
