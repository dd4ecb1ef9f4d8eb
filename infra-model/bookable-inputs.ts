import { clusterPrices, type HourlyCost } from './cluster-prices.ts'
import { awsClusterInputs } from './inputs/aws-cluster-inputs.ts'
import { InputsInvalid } from './inputs/check-inputs.ts'
import { localInputs } from './inputs/local-inputs.ts'
import { sshInputs } from './inputs/ssh-inputs.ts'
import { yandexClusterInputs } from './inputs/yandex-cluster-inputs.ts'

type Json = Readonly<Record<string, unknown>>

/** A thing that a stack will rent. */
export interface BookableThing {
  readonly name: string
  readonly kind: 'redis' | 'worker'
  /** The host, as far as the inputs tell; '' otherwise. */
  readonly place: string
  readonly price: HourlyCost | null
}

/** Inputs of a cluster stack, for who runs terraform himself and wants in the ledger what it rents. */
export interface BookableInputs {
  readonly target: 'local' | 'ssh' | 'aws' | 'yandex'
  readonly cluster: string
  readonly maxLifetimeSeconds: number
  readonly things: readonly BookableThing[]
  /** The same inputs with the rentals that the things were booked as, by name, and the end of their term (ms since the epoch). */
  readonly booked: (rentals: ReadonlyMap<string, string>, endsAt: number) => Json
}

/** @param stack name of a cluster stack. Throws InputsInvalid. */
export function bookableInputs(stack: string, raw: unknown): BookableInputs {
  switch (stack) {
    case 'local':
      return local(raw as Json)
    case 'ssh':
      return ssh(raw as Json)
    case 'aws-cluster':
      return cloud('aws', raw as Json)
    case 'yandex-cluster':
      return cloud('yandex', raw as Json)
    default:
      throw new InputsInvalid(stack, ['is no stack of a cluster: local, ssh, aws-cluster or yandex-cluster'])
  }
}

function local(raw: Json): BookableInputs {
  const { cluster, redis, workers, agents } = localInputs(raw)
  const thing = { place: '', price: agents.price }
  return {
    target: 'local',
    cluster,
    maxLifetimeSeconds: agents.maxLifetimeSeconds,
    things: [
      { name: redis.name, kind: 'redis', place: '', price: null },
      ...workers.map(({ name }) => ({ name, kind: 'worker' as const, ...thing })),
    ],
    booked: (rentals) => ({
      ...raw,
      redis: renting(raw['redis'], rentals),
      workers: (raw['workers'] as Json[]).map((worker) => renting(worker, rentals)),
    }),
  }
}

function ssh(raw: Json): BookableInputs {
  const { cluster, hosts, redis } = sshInputs(raw)
  return {
    target: 'ssh',
    cluster,
    maxLifetimeSeconds: Math.min(...hosts.map(({ agents }) => agents.maxLifetimeSeconds)),
    things: [
      { name: redis.process.name, kind: 'redis', place: redis.host.name, price: null },
      ...hosts.map(({ name, worker, agents }) => {
        return { name: worker.name, kind: 'worker' as const, place: name, price: agents.price }
      }),
    ],
    booked: (rentals) => ({
      ...raw,
      redis: { ...(raw['redis'] as Json), process: renting((raw['redis'] as Json)['process'], rentals) },
      hosts: (raw['hosts'] as Json[]).map((host) => ({ ...host, worker: renting(host['worker'], rentals) })),
    }),
  }
}

/** A cloud ends what is past its term by itself: it is told the end as well. */
function cloud(name: 'aws' | 'yandex', raw: Json): BookableInputs {
  const { cluster, maxLifetimeSeconds } = name === 'aws' ? awsClusterInputs(raw) : yandexClusterInputs(raw)
  const prices = clusterPrices(name, raw)
  return {
    target: name,
    cluster,
    maxLifetimeSeconds,
    things: [
      { name: 'redis', kind: 'redis', place: '', price: prices.redis },
      { name: 'workers', kind: 'worker', place: '', price: prices.workers },
    ],
    booked: (rentals, endsAt) => ({
      ...raw,
      redisRental: rentals.get('redis'),
      workersRental: rentals.get('workers'),
      endsAt: new Date(endsAt).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    }),
  }
}

function renting(process: unknown, rentals: ReadonlyMap<string, string>): Json {
  const kept = process as Json
  return { ...kept, rental: rentals.get(kept['name'] as string) }
}
