import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const closed = { additionalProperties: false }
const label = Type.String({ pattern: '^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$', description: 'is a DNS label' })
const text = (description: string, pattern: string) => Type.String({ description, pattern })
const quantity = text('is a quantity such as 500m or 512Mi', '^[0-9]+(m|Mi|Gi)?$')
const image = text(
  'is an image with a fixed tag or digest, not latest',
  '^[a-z0-9][a-z0-9._/:-]*[a-z0-9](:(?!latest$)[\\w][\\w.-]{0,127}|@sha256:[0-9a-f]{64})$',
)
const resources = Type.Object({ cpu: quantity, cpuLimit: quantity, memory: quantity }, closed)
/** A Secret that must exist before anything starts, and the key of it that is read. Its value is never written here. */
const secretKey = Type.Object({ name: label, key: text('is a key of a Secret', '^[\\w.-]+$') }, closed)

const Input = Type.Object(
  {
    namespace: label,
    images: Type.Object({ serving: image, worker: image }, closed),
    /** Name under which the service is reached from outside. */
    host: text('is a host name', '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$'),
    ingress: Type.Object(
      {
        className: label,
        /** Secret of type kubernetes.io/tls, for example kept by cert-manager. */
        tlsSecret: label,
        annotations: Type.Record(Type.String(), Type.String(), { default: {} }),
        /** Namespace of the ingress controller: the only clients from inside the cluster but Prometheus. */
        controllerNamespace: label,
      },
      closed,
    ),
    replicas: Type.Object(
      {
        least: Type.Integer({ minimum: 1, maximum: 100, description: 'is a whole number from 1 to 100' }),
        most: Type.Integer({ minimum: 1, maximum: 100, description: 'is a whole number from 1 to 100' }),
        /** Mean CPU use, as a share of what is requested, above which there are to be more of them. */
        cpuPercent: Type.Integer({ minimum: 10, maximum: 95, default: 70 }),
      },
      closed,
    ),
    serving: Type.Object(
      {
        /** Whose models answer; the first is the one that promotion over HTTP moves. */
        aliases: Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }), { minItems: 1, uniqueItems: true }),
        /** Asked for each new candle when it has closed; null: candles are sent to the service. */
        exchange: Type.Union([Type.String({ pattern: '^[a-z0-9]+$' }), Type.Null()]),
        /** Whether asking for verdicts needs no key. Sending candles and promoting always need one. */
        anonymousRead: Type.Boolean({ default: false }),
        driftPolicy: Type.Union([Type.Literal('watch'), Type.Literal('hold-only'), Type.Literal('previous-champion')], {
          default: 'watch',
        }),
        resources,
      },
      closed,
    ),
    database: Type.Object(
      {
        /** Its value is a DATABASE_URL. */
        secret: secretKey,
        port: Type.Integer({ minimum: 1, maximum: 65_535, default: 5432 }),
        /** Where the database is, as address ranges that pods may connect to. */
        cidrs: Type.Array(text('is an IPv4 range', '^[0-9.]+/[0-9]{1,2}$'), { minItems: 1 }),
      },
      closed,
    ),
    objects: Type.Object(
      {
        url: text('is s3://bucket/prefix', '^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$'),
        /** Endpoint of an S3-compatible service; null: AWS. */
        endpoint: Type.Union([text('is an http:// or https:// URL', '^https?://[^/@]+/?$'), Type.Null()]),
        region: text('is a region', '^[a-z0-9-]+$'),
        /** Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; null: the service account's role is used. */
        credentialsSecret: Type.Union([label, Type.Null()]),
      },
      closed,
    ),
    /** For a role of the cloud, e.g. `eks.amazonaws.com/role-arn`. */
    serviceAccountAnnotations: Type.Record(Type.String(), Type.String(), { default: {} }),
    monitoring: Type.Object(
      {
        /** Namespace of Prometheus. */
        namespace: label,
        /** Labels by which Prometheus, and Grafana's sidecar, pick up what is theirs. */
        labels: Type.Record(Type.String(), Type.String()),
        /** Its value is a key of the service with scope read: `bullpen keys create --scope read`. */
        keySecret: secretKey,
      },
      closed,
    ),
    weekly: Type.Object(
      {
        /** In UTC. */
        schedule: text('is a cron line of five fields', '^\\S+ \\S+ \\S+ \\S+ \\S+$'),
        /** As `bullpen weekly --candles` takes it. */
        candles: text('is a source of candles', '^(exchange|store):\\S+$'),
        since: text('is a day', '^\\d{4}-\\d{2}-\\d{2}$'),
        /** After so many hours a run is ended. */
        hours: Type.Integer({ minimum: 1, maximum: 96, default: 12 }),
        threads: Type.Integer({ minimum: 1, maximum: 256 }),
        /** Its value is a REDIS_URL of a queue that agents serve; null: the pod trains by itself. */
        redisSecret: Type.Union([secretKey, Type.Null()]),
        /** Its value is the PEM that signs certificates; null: every run makes a key of its own. */
        signingKeySecret: Type.Union([secretKey, Type.Null()]),
        resources,
      },
      closed,
    ),
  },
  closed,
)

/** Everything that differs from one installation to the next. */
export type DeploymentInput = Readonly<Static<typeof Input>>
export type SecretKey = Readonly<Static<typeof secretKey>>
export type Resources = Readonly<Static<typeof resources>>

/** The input is not one: every problem is listed. */
export class DeploymentInputInvalid extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the deployment's input has ${problems.length} problems: ${problems.join('; ')}`)
    this.name = 'DeploymentInputInvalid'
    this.problems = problems
  }
}

/** Checks an input and fills in what may be left out. Throws DeploymentInputInvalid. */
export function deploymentInput(raw: unknown): DeploymentInput {
  const input: unknown = Value.Default(Input, structuredClone(raw))
  const problems = new Map<string, string>()
  for (const { path, schema, message, value } of Value.Errors(Input, input)) {
    const place = path.slice(1).replaceAll('/', '.')
    if (!problems.has(place)) problems.set(place, `${place} ${problemOf(schema, message, value)}`)
  }
  if (problems.size > 0) throw new DeploymentInputInvalid([...problems.values()])
  const checked = input as DeploymentInput
  const { least, most } = checked.replicas
  if (most < least) throw new DeploymentInputInvalid([`replicas.most is ${most}, less than replicas.least, ${least}`])
  return Object.freeze(checked)
}

function problemOf(schema: TSchema, message: string, value: unknown): string {
  if (value === undefined) return 'is missing'
  return schema.description === undefined ? `(${message})` : `must be something that ${schema.description}`
}
