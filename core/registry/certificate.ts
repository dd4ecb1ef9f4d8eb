import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { Type, type Static } from '@sinclair/typebox'
import { BullpenError } from '#core/errors'
import { canonicalJson } from '#core/hashing'

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Text = Type.String({ minLength: 1 })

const Check = Type.Object({
  /** What was examined, e.g. `features-causal`. */
  name: Text,
  passed: Type.Boolean(),
  /** One sentence for people. */
  summary: Text,
  figures: Type.Record(Type.String(), Type.Number()),
})

const Statement = Type.Object({
  format: Type.Literal(1),
  runId: Text,
  modelSha256: Sha256,
  candlesSha256: Sha256,
  trainingTableSha256: Sha256,
  featureSetHash: Sha256,
  checks: Type.Array(Check, { minItems: 1 }),
  /** True when every check passed. */
  passed: Type.Boolean(),
  /** ISO time. */
  issuedAt: Text,
})

/** Schema of a signed certificate, as a manifest holds it. */
export const CertificateSchema = Type.Object({
  statement: Statement,
  /** Over the canonical JSON of the statement, by {@link signCertificate}. */
  signature: Type.Object({ algorithm: Type.Literal('ed25519'), publicKey: Text, value: Text }),
})

/** One examination for leaks of the future, and how it ended. */
export type LeakCheck = Static<typeof Check>

/** What is certified of a version. */
export type CertificateStatement = Static<typeof Statement>

/** The leakage certificate of a version: what was examined, signed by the key of the pool that trained it. */
export type Certificate = Static<typeof CertificateSchema>

/** A private key for {@link signCertificate}: PEM, PKCS #8. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Signs with an Ed25519 private key (PEM, PKCS #8). RFC 8032. */
export function signCertificate(statement: CertificateStatement, privateKeyPem: string): Certificate {
  const key = createPrivateKey(privateKeyPem)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  const value = sign(null, Buffer.from(canonicalJson(statement)), key).toString('base64')
  return { statement, signature: { algorithm: 'ed25519', publicKey, value } }
}

/** True when the statement is what the holder of the certificate's public key signed. */
export function isSigned({ statement, signature }: Certificate): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(signature.publicKey, 'base64'), type: 'spki', format: 'der' })
    return verify(null, Buffer.from(canonicalJson(statement)), key, Buffer.from(signature.value, 'base64'))
  } catch {
    return false
  }
}

/** What a certificate is held against. */
interface Certified {
  readonly runId: string
  readonly model: { readonly sha256: string }
  readonly data: { readonly sha256: string }
  readonly contract: { readonly featureSetHash: string }
  readonly certificate?: Certificate | undefined
}

/**
 * A version is registered only with a passing certificate of its own.
 *
 * @throws CERTIFICATE_MISSING, CERTIFICATE_INVALID (of another model, or not signed), CERTIFICATE_FAILED (names the
 *   checks that failed).
 */
export function requireCertificate({ runId, model, data, contract, certificate }: Certified): void {
  if (!certificate) throw new BullpenError('CERTIFICATE_MISSING', { run: runId })
  const { statement } = certificate
  const failed = statement.checks.filter(({ passed }) => !passed)
  if (failed.length > 0 || !statement.passed) {
    const checks = failed.map(({ name, summary }) => `${name} (${summary})`).join('; ')
    throw new BullpenError('CERTIFICATE_FAILED', { run: runId, checks })
  }
  const isOwn =
    statement.runId === runId &&
    statement.modelSha256 === model.sha256 &&
    statement.candlesSha256 === data.sha256 &&
    statement.featureSetHash === contract.featureSetHash
  if (!isOwn) throw new BullpenError('CERTIFICATE_INVALID', { run: runId, reason: 'it is the certificate of another' })
  if (!isSigned(certificate)) {
    throw new BullpenError('CERTIFICATE_INVALID', { run: runId, reason: 'its signature does not fit what it says' })
  }
}
