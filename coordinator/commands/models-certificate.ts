import type { Command } from 'commander'
import { BullpenError } from '#core/errors'
import { isSigned, type Certificate, type ModelVersion } from '#core/registry'

/** What `models certificate` answers. */
interface CertificateView {
  readonly version: number
  readonly isSigned: boolean
  readonly certificate: Certificate
}

const examples = `
Examples:
  $ bullpen models certificate
  $ bullpen models certificate 3 --json`

/** `bullpen models certificate`: what a version was examined for before it was registered. */
export function addCertificateCommand(
  models: Command,
  lookUp: (name: string) => Promise<ModelVersion>,
  answer: (value: CertificateView, lines: (value: CertificateView) => readonly string[]) => void,
): void {
  models
    .command('certificate [version]')
    .description(
      'the leakage certificate of a version (default champion): what was examined, what came out, who signed',
    )
    .addHelpText('after', examples)
    .action(async (name = 'champion') => {
      const { version, manifest } = await lookUp(String(name))
      const { certificate, runId } = manifest
      if (!certificate) throw new BullpenError('CERTIFICATE_MISSING', { run: runId })
      answer({ version, isSigned: isSigned(certificate), certificate }, certificateLines)
    })
}

function certificateLines({ version, isSigned: holds, certificate }: CertificateView): string[] {
  const { statement, signature } = certificate
  return [
    `version ${version}, certified ${statement.issuedAt}, run ${statement.runId}`,
    ...statement.checks.map(({ passed, name, summary }) => `${passed ? 'passed' : 'FAILED'}  ${name}: ${summary}`),
    `model ${statement.modelSha256}`,
    holds
      ? `signed by the holder of ed25519 key ${signature.publicKey}`
      : 'THE SIGNATURE DOES NOT FIT what the certificate says: do not trust it',
  ]
}
