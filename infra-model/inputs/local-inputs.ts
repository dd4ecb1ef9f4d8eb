import { Type } from '@sinclair/typebox'
import type { LocalCluster } from '../local/local-cluster-stack.ts'
import { checkInputs } from './check-inputs.ts'
import { clusterRequest } from './cluster-request.ts'
import { absolutePath, agentSettings, rentedProcess } from './process-parts.ts'

const Inputs = Type.Object(
  {
    cluster: clusterRequest.cluster,
    home: absolutePath,
    redis: rentedProcess,
    redisPort: Type.Integer({ minimum: 1, maximum: 65_535 }),
    workers: Type.Array(rentedProcess, { minItems: 1, maxItems: 1000 }),
    agents: agentSettings,
  },
  { additionalProperties: false },
)

/** Inputs of the stack local, checked. Throws InputsInvalid. */
export function localInputs(inputs: unknown): LocalCluster {
  return checkInputs('local', Inputs, inputs)
}
