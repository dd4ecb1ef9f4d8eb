import { Type, type Static } from '@sinclair/typebox'
import { LocalBackend, PgBackend, S3Backend, type TerraformStack } from 'cdktn'

const closed = { additionalProperties: false }

/**
 * Where the state of a stack lies. All three lock it: the bucket with a lock object (Terraform 1.10 and later),
 * PostgreSQL with an advisory lock, a folder with a lock file. A `pg` state finds its database in PG_CONN_STR, so that
 * no password enters a file.
 */
export const StateInput = Type.Union(
  [
    Type.Object({ kind: Type.Literal('local') }, closed),
    Type.Object({ kind: Type.Literal('pg'), schema: Type.String({ pattern: '^[a-z][a-z0-9_]{0,40}$' }) }, closed),
    Type.Object(
      {
        kind: Type.Literal('s3'),
        bucket: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$' }),
        region: Type.String({ minLength: 1 }),
        prefix: Type.String({ pattern: '^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$' }),
        /** Of a service other than AWS, such as https://storage.yandexcloud.net. */
        endpoint: Type.Optional(Type.String({ pattern: '^https://' })),
      },
      closed,
    ),
  ],
  {
    description:
      'is {"kind":"local"}, {"kind":"pg","schema":…} or {"kind":"s3","bucket":…,"region":…,"prefix":…[,"endpoint":"https://…"]}',
  },
)

/** Of a stack of processes: beside the stack unless said otherwise. */
export const processState = Type.Unsafe<State>({ ...StateInput, default: { kind: 'local' } })

/** One of the three. */
export type State = Static<typeof StateInput>

/** Tells the stack where its state lies: under a name of its own, so that two stacks never share one. */
export function keepState(stack: TerraformStack, state: State, name: string): void {
  switch (state.kind) {
    case 'local':
      new LocalBackend(stack, { path: `${name}.tfstate` })
      return
    case 'pg':
      new PgBackend(stack, { connStr: '', schemaName: `${state.schema}_${name.replaceAll('-', '_')}` }).addOverride(
        'conn_str',
        undefined,
      )
      return
    case 's3':
      new S3Backend(stack, {
        bucket: state.bucket,
        region: state.region,
        key: `${state.prefix}/${name}.tfstate`,
        useLockfile: true,
        ...(state.endpoint === undefined ? { encrypt: true } : elsewhere(state.endpoint)),
      })
  }
}

/**
 * Other services know neither the account, the regions nor the metadata address of AWS, nor its newer checksums, and
 * refuse a request to encrypt (Ceph: 400 InvalidRequest): there the bucket itself must be told to.
 */
function elsewhere(endpoint: string) {
  return {
    endpoints: { s3: endpoint },
    skipCredentialsValidation: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    skipMetadataApiCheck: true,
    skipS3Checksum: true,
    usePathStyle: true, // a service at an address has no name for each bucket
  }
}
