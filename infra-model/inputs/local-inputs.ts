import { Type } from '@sinclair/typebox'
import type { LocalCluster } from '../local/local-cluster-stack.ts'
import { checkInputs } from './check-inputs.ts'
import { clusterRequest } from './cluster-request.ts'

const closed = { additionalProperties: false }
const words = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })
const Process = Type.Object(
  {
    name: Type.String({ pattern: '^(redis|worker-[1-9]\\d{0,3})$', description: 'is redis or worker-1, worker-2, …' }),
    rental: Type.String({ pattern: '^[a-z0-9-]+/[a-z0-9-]+#[0-9]+$', description: 'is a rental such as c/redis#1' }),
    generation: Type.Integer({ minimum: 1, default: 1 }),
    keeper: words,
  },
  closed,
)

const Inputs = Type.Object(
  {
    cluster: clusterRequest.cluster,
    home: Type.String({ pattern: '^/', description: 'is an absolute path' }),
    redis: Process,
    redisPort: Type.Integer({ minimum: 1, maximum: 65_535 }),
    workers: Type.Array(Process, { minItems: 1, maxItems: 1000 }),
    agents: Type.Object(
      {
        bullpen: words,
        threads: clusterRequest.threads,
        idleExitSeconds: clusterRequest.idleExitSeconds,
        maxLifetimeSeconds: clusterRequest.maxLifetimeSeconds,
        price: Type.Union(
          [
            Type.Object(
              { perHour: Type.Number({ minimum: 0 }), currency: Type.String({ pattern: '^[A-Z]{3}$' }) },
              closed,
            ),
            Type.Null(),
          ],
          { default: null },
        ),
      },
      closed,
    ),
  },
  closed,
)

/** Inputs of the stack local, checked. Throws InputsInvalid. */
export function localInputs(inputs: unknown): LocalCluster {
  return checkInputs('local', Inputs, inputs)
}
