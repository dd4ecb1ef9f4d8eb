import { Type, type Static } from '@sinclair/typebox'
import type { YandexBaseOutput } from '../outputs.ts'
import { checkInputs } from './check-inputs.ts'
import { clusterRequest } from './cluster-request.ts'
import { StateInput } from './state.ts'

const closed = { additionalProperties: false }
const text = (description: string, pattern = '^\\S+$') => Type.String({ pattern, description })
const id = (what: string) => text(`is the id of ${what}`, '^[a-z0-9]{16,32}$')

/** The same fields as YandexBaseOutput, which the compiler checks below. */
const Base = Type.Object(
  {
    name: text('is the name of the base'),
    folder: id('a folder'),
    zone: text('is its zone'),
    bucket: text('is its bucket'),
    objects: text('is s3://bucket/prefix', '^s3://[a-z0-9-]+/objects$'),
    network: id('a network'),
    subnet: id('a subnet'),
    workerSecurityGroup: id('a security group'),
    redisSecurityGroup: id('a security group'),
    coordinatorSecurityGroup: id('a security group'),
    hostAccount: id('a service account'),
    groupAccount: id('a service account'),
    databaseAddress: text('is a host name'),
    databaseUrlSecret: id('a secret'),
    redisPasswordSecret: id('a secret'),
    objectKeySecret: id('a secret'),
    reaper: id('a function'),
    diskKey: id('a key'),
    images: text('is a registry', '^cr\\.yandex/[a-z0-9]+$'),
  },
  { ...closed, description: 'is what terraform output -json base of yandex-base prints' },
)

const price = Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()], { default: null })

const Machine = Type.Object(
  {
    platform: text('is a platform such as standard-v3', '^[a-z0-9-]+$'),
    cores: Type.Integer({ minimum: 2, maximum: 96 }),
    memoryGb: Type.Integer({ minimum: 1, maximum: 640 }),
    /** Price of an hour there as the price list has it, or null. */
    perHour: price,
    /** The same of a host that is not preemptible, or null: then none takes the place of one that is not given. */
    onDemandPerHour: price,
  },
  closed,
)

const Inputs = Type.Object(
  {
    ...clusterRequest,
    state: StateInput,
    base: Base,
    image: text('is registry/repository@sha256:digest', '^cr\\.yandex/[a-z0-9./_-]+@sha256:[0-9a-f]{64}$'),
    /** Image of Ubuntu 24.04 LTS: yc compute image get-latest-from-family ubuntu-2404-lts --folder-id standard-images. */
    system: id('an image of Ubuntu 24.04'),
    machine: Machine,
    /** Preemptible hosts cost a third, and are taken back within a day at the latest; their group starts them again. */
    preemptible: Type.Boolean({ default: true }),
    /** Of the workers so many are never preemptible, in a group of their own. */
    onDemandWorkers: Type.Integer({ minimum: 0, maximum: 1000, default: 0 }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', default: 'RUB' }),
  },
  closed,
)

/** Inputs of the stack yandex-cluster, checked, defaults filled in. */
export type YandexClusterInputs = Readonly<Static<typeof Inputs>> & { readonly base: YandexBaseOutput }

/** Throws InputsInvalid. */
export function yandexClusterInputs(inputs: unknown): YandexClusterInputs {
  return checkInputs('yandex-cluster', Inputs, inputs, (checked) => {
    const { base, cluster, image, machine, maxPricePerHour: cap, onDemandWorkers, workers } = checked
    return [
      ...(cluster === `${base.name}-base` ? ['cluster: has the name under which the state of the base lies'] : []),
      ...(image.startsWith(`${base.images}/`) ? [] : [`image: is not in ${base.images}`]),
      ...(onDemandWorkers > workers ? ['onDemandWorkers: are more than workers'] : []),
      ...(onDemandWorkers < workers ? priceProblems('perHour', machine.perHour, cap) : []),
      ...(onDemandWorkers > 0 ? priceProblems('onDemandPerHour', machine.onDemandPerHour, cap) : []),
    ]
  })
}

function priceProblems(field: 'perHour' | 'onDemandPerHour', price: number | null, cap: number | null): string[] {
  if (price === null) {
    if (cap === null && field === 'perHour') return []
    return [
      `machine.${field}: is needed with ${cap === null ? 'onDemandWorkers' : 'maxPricePerHour'}: there is no bidding on Yandex Cloud`,
    ]
  }
  return cap === null || price <= cap ? [] : [`maxPricePerHour: the machine costs ${price} an hour, above ${cap}`]
}

/** Whether a host that is not preemptible may take the place of one that the cloud does not give, and why not. */
export function mayTakeOnDemand({ machine, maxPricePerHour: cap, preemptible }: YandexClusterInputs): true | string {
  const { onDemandPerHour: perHour } = machine
  if (!preemptible) return 'no worker is preemptible, so there is no other way to take one'
  if (perHour === null) return 'machine.onDemandPerHour is not given, so none is taken that is not preemptible'
  return cap === null || perHour <= cap || `a host that is not preemptible costs ${perHour} an hour, above ${cap}`
}
