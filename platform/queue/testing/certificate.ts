import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A self-signed certificate for `localhost` and 127.0.0.1, which is its own authority. */
export interface Certificate {
  /** PEM text of the authority to trust. */
  readonly ca: string
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
}

/** Makes one in `folder` with the openssl command, good for a day. */
export function makeCertificate(folder: string): Certificate {
  const certFile = join(folder, 'server.crt')
  const keyFile = join(folder, 'server.key')
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', [...args, ...names, '-keyout', keyFile, '-out', certFile], { stdio: 'pipe' })
  return { ca: readFileSync(certFile, 'utf8'), caFile: certFile, certFile, keyFile }
}
