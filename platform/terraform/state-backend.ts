/**
 * Where a stack's state lies, and what locks it:
 *
 * - `local`: a file in the stack's folder, locked by the system for as long as the process lives
 * - `s3`: an object, with a second object as the lock; it outlives a killed terraform
 * - `pg`: a row in a schema, locked by its connection for as long as that lives
 */
export type StateBackend =
  | { readonly kind: 'local' }
  | {
      readonly kind: 's3'
      readonly bucket: string
      readonly key: string
      readonly region: string
      /** Of an S3-compatible service; AWS otherwise. */
      readonly endpoint?: string
    }
  | {
      readonly kind: 'pg'
      /** May hold a password: it goes by the environment, never into a file. */
      readonly url: string
      readonly schema: string
    }

/** The file that names the backend. Terraform lets it replace whatever backend the stack itself names. */
export function backendOverride(backend: StateBackend): string {
  return JSON.stringify({ terraform: { backend: { [backend.kind]: settingsOf(backend) } } })
}

/** What the backend is told by the environment. */
export function backendEnvironment(backend: StateBackend): Record<string, string> {
  return backend.kind === 'pg' ? { PG_CONN_STR: backend.url } : {}
}

function settingsOf(backend: StateBackend): Record<string, unknown> {
  if (backend.kind === 'local') return { path: 'terraform.tfstate' }
  if (backend.kind === 'pg') return { schema_name: backend.schema }
  const { bucket, key, region, endpoint } = backend
  const compatible = {
    endpoints: { s3: endpoint },
    use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    skip_s3_checksum: true,
  }
  return { bucket, key, region, use_lockfile: true, ...(endpoint === undefined ? { encrypt: true } : compatible) }
}
