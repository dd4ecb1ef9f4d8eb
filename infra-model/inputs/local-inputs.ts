import { Type } from '@sinclair/typebox'
import type { LocalCluster } from '../local/local-cluster-stack.ts'
import { checkInputs } from './check-inputs.ts'
import { clusterRequest } from './cluster-request.ts'
import { absolutePath, agentSettings, keptProcess, namedOnce, rentedProcess } from './process-parts.ts'
import { processState, type State } from './state.ts'

const Inputs = Type.Object(
  {
    cluster: clusterRequest.cluster,
    state: processState,
    home: absolutePath,
    redis: rentedProcess,
    redisPort: Type.Integer({ minimum: 1, maximum: 65_535 }),
    workers: Type.Array(rentedProcess, { minItems: 1, maxItems: 1000 }),
    agents: agentSettings,
  },
  { additionalProperties: false },
)

/** Inputs of the stack local, checked, what they leave out filled in. Throws InputsInvalid. */
export function localInputs(inputs: unknown): LocalCluster & { readonly state: State } {
  const checked = checkInputs('local', Inputs, inputs, ({ redis, workers }) => namedOnce([redis, ...workers]))
  const { agents, cluster, home, redis, workers } = checked
  const kept = (process: typeof redis) => keptProcess(process, { cluster, home, bullpen: agents.bullpen })
  return { ...checked, redis: kept(redis), workers: workers.map(kept) }
}
