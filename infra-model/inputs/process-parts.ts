import { Type } from '@sinclair/typebox'
import { clusterRequest } from './cluster-request.ts'

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
    rental: Type.String({ pattern: '^[a-z0-9-]+/[a-z0-9-]+#[0-9]+$', description: 'is a rental such as c/redis#1' }),
    generation: Type.Integer({ minimum: 1, default: 1 }),
    keeper: words,
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
