import { Type, type Static } from '@sinclair/typebox'
import type { AwsBaseOutput } from '../outputs.ts'
import { checkInputs } from './check-inputs.ts'
import { clusterRequest } from './cluster-request.ts'
import { StateInput } from './state.ts'

const closed = { additionalProperties: false }
const text = (description: string, pattern = '^\\S+$') => Type.String({ pattern, description })

/** The same fields as AwsBaseOutput, which the compiler checks below. */
const Base = Type.Object(
  {
    name: text('is the name of the base'),
    region: text('is its region'),
    account: text('is 12 digits', '^\\d{12}$'),
    bucket: text('is its bucket'),
    objects: text('is s3://bucket/prefix', '^s3://[a-z0-9-]+/objects$'),
    subnets: Type.Array(text('is a subnet', '^subnet-'), { minItems: 1, maxItems: 4 }),
    workerSecurityGroup: text('is a security group', '^sg-'),
    redisSecurityGroup: text('is a security group', '^sg-'),
    coordinatorSecurityGroup: text('is a security group', '^sg-'),
    workerProfile: text('is an instance profile'),
    redisProfile: text('is an instance profile'),
    termRole: text('is a role', '^arn:'),
    scheduleGroup: text('is a schedule group'),
    databaseAddress: text('is a host name'),
    databaseUrlSecret: text('is a secret', '^[A-Za-z0-9/_+=.@-]+$'),
    redisPasswordSecret: text('is a secret', '^[A-Za-z0-9/_+=.@-]+$'),
    images: text('is an image repository', '^\\d{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/[a-z0-9._/-]+$'),
  },
  { ...closed, description: 'is what terraform output -json base of aws-base prints' },
)

const Machine = Type.Object(
  {
    type: text('is an x86-64 instance type such as c7a.2xlarge', '^[a-z][a-z0-9-]*\\.[a-z0-9-]+$'),
    /** On-demand price of an hour there, USD: the most that one can cost. */
    perHour: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      description: 'is the on-demand price of an hour in USD',
    }),
  },
  closed,
)

const Inputs = Type.Object(
  {
    ...clusterRequest,
    state: StateInput,
    base: Base,
    /** Image of the worker by its digest: a tag could mean something else on the next host. */
    image: text('is repository@sha256:digest', '^[a-z0-9][a-z0-9./_-]+@sha256:[0-9a-f]{64}$'),
    /** Several types, so that spot has somewhere to take hosts from when one is scarce. */
    machines: Type.Array(Machine, { minItems: 1, maxItems: 20, description: 'are 1 to 20 of {"type", "perHour"}' }),
    redisMachine: Type.Composite([Machine], { ...closed, default: { type: 't3.small', perHour: 0.03 } }),
    /** Of the workers so many are on demand: a run goes on when spot has nothing to give. */
    onDemandWorkers: Type.Integer({ minimum: 0, maximum: 1000, default: 1 }),
  },
  closed,
)

/** Inputs of the stack aws-cluster, checked, defaults filled in. */
export type AwsClusterInputs = Readonly<Static<typeof Inputs>> & { readonly base: AwsBaseOutput }

/** Throws InputsInvalid. */
export function awsClusterInputs(inputs: unknown): AwsClusterInputs {
  return checkInputs('aws-cluster', Inputs, inputs, (checked) => {
    const { base, cluster, image, machines, onDemandWorkers, workers, maxPricePerHour: cap } = checked
    const dear = cap === null || onDemandWorkers === 0 ? [] : machines.filter(({ perHour }) => perHour > cap)
    return [
      ...(cluster === `${base.name}-base` ? ['cluster: has the name under which the state of the base lies'] : []),
      ...(image.startsWith(`${base.images}@`) ? [] : [`image: is not in ${base.images}`]),
      ...(onDemandWorkers > workers ? ['onDemandWorkers: are more than workers'] : []),
      ...(new Set(machines.map(({ type }) => type)).size < machines.length ? ['machines: one is named twice'] : []),
      ...dear.map(
        ({ type, perHour }) =>
          `maxPricePerHour: on demand ${type} costs ${perHour}, above ${String(cap)}; leave it out or set onDemandWorkers to 0`,
      ),
    ]
  })
}

/** The most that one worker can cost in an hour, USD. */
export function mostPerHour({ machines, maxPricePerHour }: AwsClusterInputs): number {
  return Math.min(maxPricePerHour ?? Infinity, Math.max(...machines.map(({ perHour }) => perHour)))
}
