import { Type, type Static } from '@sinclair/typebox'
import { clusterRequest, rental } from './cluster-request.ts'
import { keeperOf } from '../processes/keeper.ts'
import type { RentedProcess } from '../processes/rented-process.ts'

const closed = { additionalProperties: false }
const words = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })
const seconds = Type.Integer({ minimum: 1, maximum: 2_147_483, description: 'is 1 to 2147483 seconds' })
const Price = Type.Object(
  { perHour: Type.Number({ minimum: 0 }), currency: Type.String({ pattern: '^[A-Z]{3}$' }) },
  closed,
)

/** A process that a stack keeps. */
export const rentedProcess = Type.Object(
  {
    name: Type.String({ pattern: '^(redis|worker-[1-9]\\d{0,3})$', description: 'is redis or worker-1, worker-2, …' }),
    /** Its id in the ledger; of a first rental where it is not given. */
    rental: rental('redis'),
    generation: Type.Integer({ minimum: 1, default: 1 }),
    /** What ends it when its term is over: bullpen's own, which asks the ledger, or such as `["timeout", "14400"]`. */
    keeper: Type.Optional(words),
  },
  closed,
)

/** How agents are started. */
export const agentSettings = Type.Object(
  {
    bullpen: words,
    threads: clusterRequest.threads,
    idleExitSeconds: seconds,
    maxLifetimeSeconds: seconds,
    price: Type.Union([Price, Type.Null()], { default: null }),
  },
  closed,
)

/** A folder or file by its whole path. */
export const absolutePath = Type.String({ pattern: '^/', description: 'is an absolute path' })

/** Where a process is to run. */
export interface ProcessPlace {
  readonly cluster: string
  readonly bullpen: readonly string[]
  /** BULLPEN_HOME there. */
  readonly home: string
}

/** The process with what its inputs leave out: its rental is the first of its name, its keeper bullpen's own. */
export function keptProcess(
  process: Static<typeof rentedProcess>,
  { cluster, bullpen, home }: ProcessPlace,
): RentedProcess {
  const id = process.rental ?? `${cluster}/${process.name}#1`
  return { ...process, rental: id, keeper: process.keeper ?? keeperOf(bullpen, home, id) }
}

/** Two processes of one name would be one resource. */
export function namedOnce(processes: readonly { readonly name: string }[]): string[] {
  const names = processes.map(({ name }) => name)
  return names.filter((name, i) => names.indexOf(name) < i).map((name) => `${name}: is named twice`)
}
