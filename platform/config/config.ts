import { join, resolve } from 'node:path'
import { availableParallelism } from 'node:os'
import { BullpenError } from '#core/errors'
import { isWebhookSecret, readWebhookEndpoint, type WebhookEndpoint } from '#core/webhooks'

/** How much a process logs, from most to least. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

export type LogLevel = (typeof logLevels)[number]

/** Everything bullpen reads from the environment, validated and frozen. docs/operations.md lists the same rows. */
export interface Config {
  /** Folder of everything kept locally. `BULLPEN_HOME`, default `.bullpen` in the current folder. */
  readonly home: string
  /** PostgreSQL of the registry. `DATABASE_URL`; unset: an embedded server under `home`. */
  readonly databaseUrl: string | undefined
  /** Object store: a folder or `s3://bucket/prefix`. `BULLPEN_OBJECTS`, default `<home>/objects`. */
  readonly objects: string
  /** File of the hosts that clusters over ssh are made of. `BULLPEN_HOSTS`, default `<home>/hosts.json`. */
  readonly hosts: string
  /** Redis of the shared queue, with its password. `REDIS_URL`; unset: every task runs in the process that asks. */
  readonly redisUrl: string | undefined
  /** PEM file of the authority that signed a `rediss://` server's certificate. `REDIS_CA`; unset: those Node trusts. */
  readonly redisCa: string | undefined
  /** Endpoint of an S3-compatible service. `S3_ENDPOINT`; unset: AWS. */
  readonly s3Endpoint: string | undefined
  /** Path of libxgboost. `XGBOOST_LIBRARY`; unset: looked for in the usual places. */
  readonly xgboostLibrary: string | undefined
  /** Active conda environment, one of those places. `CONDA_PREFIX`. */
  readonly condaPrefix: string | undefined
  /** Active Python virtual environment, whose xgboost wheel holds a copy. `VIRTUAL_ENV`. */
  readonly virtualEnv: string | undefined
  /** Pool threads. `BULLPEN_THREADS`, default the number of cores. */
  readonly threads: number
  /**
   * How long a lease of a task and the hold of a run last unless renewed, ms: how soon others take over from one that
   * vanished. `BULLPEN_LEASE_SECONDS`, 1 to 3600, default 10; the same on every host. With 3 s on 2 cores at a load of
   * 20 no lease lapsed that should not.
   */
  readonly leaseMs: number
  /** Where traces go: base URL of an OTLP/HTTP receiver. `OTEL_EXPORTER_OTLP_ENDPOINT`; unset: no traces. */
  readonly otlpEndpoint: string | undefined
  /** Token of the admin port. `BULLPEN_ADMIN_TOKEN`, 16 characters or more; unset: made and kept under `home`. */
  readonly adminToken: string | undefined
  /** Key for commands that ask a service. `BULLPEN_KEY`; unset: none is sent. */
  readonly apiKey: string | undefined
  /**
   * File with the Ed25519 private key (PEM, PKCS #8) that signs certificates. `BULLPEN_SIGNING_KEY`; unset: made and kept
   * under `home`.
   */
  readonly signingKey: string | undefined
  /**
   * Who is told what happens: `https://...`, `slack+https://...` or `telegram+https://...?chat_id=...`, apart by spaces or
   * commas. `BULLPEN_WEBHOOKS`; unset: nobody.
   */
  readonly webhooks: readonly WebhookEndpoint[]
  /** What requests to them are signed with: `whsec_` and 24 to 64 bytes in base64. `BULLPEN_WEBHOOK_SECRET`. */
  readonly webhookSecret: string | undefined
  /** File with that secret, for its owner only. `BULLPEN_WEBHOOK_SECRET_FILE`; neither: made and kept under `home`. */
  readonly webhookSecretFile: string | undefined
  /** No colours in terminal output when `NO_COLOR` is set to anything (no-color.org). */
  readonly color: boolean
  /** What is logged to stderr. `BULLPEN_LOG`; unset: the command decides. */
  readonly log: LogLevel | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads and validates the environment once. Throws CONFIG_INVALID that lists every problem. */
export function readConfig(environment: Environment = process.env, cwd: string = process.cwd()): Config {
  const problems: string[] = []
  const text = (name: string) => environment[name]?.trim() || undefined
  const home = resolve(cwd, text('BULLPEN_HOME') ?? '.bullpen')
  const config: Config = {
    home,
    databaseUrl: url('DATABASE_URL', ['postgres:', 'postgresql:'], text, problems),
    objects: objectsOf(text('BULLPEN_OBJECTS'), home, cwd, problems),
    hosts: resolve(cwd, text('BULLPEN_HOSTS') ?? join(home, 'hosts.json')),
    redisUrl: url('REDIS_URL', ['redis:', 'rediss:'], text, problems),
    redisCa: text('REDIS_CA'),
    s3Endpoint: url('S3_ENDPOINT', ['http:', 'https:'], text, problems),
    xgboostLibrary: text('XGBOOST_LIBRARY'),
    condaPrefix: text('CONDA_PREFIX'),
    virtualEnv: text('VIRTUAL_ENV'),
    threads: wholeNumber('BULLPEN_THREADS', availableParallelism(), 1024, text, problems),
    leaseMs: 1000 * wholeNumber('BULLPEN_LEASE_SECONDS', 10, 3600, text, problems),
    otlpEndpoint: url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:'], text, problems),
    adminToken: adminTokenOf(text('BULLPEN_ADMIN_TOKEN'), problems),
    apiKey: text('BULLPEN_KEY'),
    signingKey: text('BULLPEN_SIGNING_KEY'),
    webhooks: webhooksOf(text('BULLPEN_WEBHOOKS'), problems),
    webhookSecret: webhookSecretOf(text('BULLPEN_WEBHOOK_SECRET'), problems),
    webhookSecretFile: text('BULLPEN_WEBHOOK_SECRET_FILE'),
    color: environment['NO_COLOR'] === undefined || environment['NO_COLOR'] === '',
    log: logLevelOf(text('BULLPEN_LOG'), problems),
  }
  if (problems.length > 0) {
    throw new BullpenError('CONFIG_INVALID', { count: problems.length, problems: problems.join('; ') })
  }
  return Object.freeze(config)
}

function url(
  name: string,
  protocols: readonly string[],
  text: (name: string) => string | undefined,
  problems: string[],
): string | undefined {
  const value = text(name)
  if (value === undefined) return undefined
  // The value itself may hold a password, so a problem names the variable only.
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
    problems.push(`${name} is not a ${protocols.map((protocol) => `${protocol}//`).join(' or ')} URL`)
    return undefined
  }
  return value
}

function objectsOf(value: string | undefined, home: string, cwd: string, problems: string[]): string {
  if (value === undefined) return resolve(home, 'objects')
  if (!value.includes('://')) return resolve(cwd, value)
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/.test(value)) {
    problems.push('BULLPEN_OBJECTS is neither a folder nor s3://bucket/prefix')
  }
  return value
}

/** A whole number from 1 to `most`. */
function wholeNumber(
  name: string,
  unset: number,
  most: number,
  text: (name: string) => string | undefined,
  problems: string[],
): number {
  const value = text(name)
  if (value === undefined) return unset
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1 || number > most) {
    problems.push(`${name} is ${value}, not a whole number from 1 to ${most}`)
  }
  return number
}

/** As RFC 6750 spells a bearer token, so that it fits into a header as it is. */
function adminTokenOf(value: string | undefined, problems: string[]): string | undefined {
  if (value !== undefined && !/^[A-Za-z0-9._~+/-]{16,256}=*$/.test(value)) {
    problems.push('BULLPEN_ADMIN_TOKEN is not 16 to 256 letters, digits and . _ ~ + / -')
  }
  return value
}

/** A problem names the place in the list only: an address may hold a secret. */
function webhooksOf(value: string | undefined, problems: string[]): readonly WebhookEndpoint[] {
  const texts = [...new Set((value ?? '').split(/[\s,]+/).filter((text) => text !== ''))]
  return texts.flatMap((text, i) => {
    const endpoint = readWebhookEndpoint(text)
    if (typeof endpoint !== 'string') return [endpoint]
    problems.push(`number ${i + 1} of BULLPEN_WEBHOOKS ${endpoint}`)
    return []
  })
}

function webhookSecretOf(value: string | undefined, problems: string[]): string | undefined {
  if (value !== undefined && !isWebhookSecret(value)) {
    problems.push('BULLPEN_WEBHOOK_SECRET is not whsec_ and 24 to 64 bytes in base64')
  }
  return value
}

function logLevelOf(value: string | undefined, problems: string[]): LogLevel | undefined {
  const level = logLevels.find((known) => known === value)
  if (value !== undefined && level === undefined) {
    problems.push(`BULLPEN_LOG is ${value}, not one of ${logLevels.join(', ')}`)
  }
  return level
}
