import { Type } from '@sinclair/typebox'
import type { SshCluster } from '../ssh/ssh-cluster-stack.ts'
import { checkInputs } from './check-inputs.ts'
import { clusterRequest } from './cluster-request.ts'
import { absolutePath, agentSettings, rentedProcess } from './process-parts.ts'

const closed = { additionalProperties: false }
const port = Type.Integer({ minimum: 1, maximum: 65_535 })
const address = Type.String({ minLength: 1 })
const reach = {
  name: Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' }),
  address,
  port: Type.Integer({ minimum: 1, maximum: 65_535, default: 22 }),
  user: Type.String({ minLength: 1 }),
  keyFile: absolutePath,
  hostKey: Type.String({ pattern: '^[a-z0-9-]+ [A-Za-z0-9+/=]+$', description: 'is the public key of the host' }),
  // It stands between quotes in commands of the host.
  home: Type.String({
    pattern: '^/[A-Za-z0-9._/+-]*$',
    description: 'is an absolute path of letters, digits and ._/+-',
  }),
}

const Inputs = Type.Object(
  {
    cluster: clusterRequest.cluster,
    hosts: Type.Array(Type.Object({ ...reach, worker: rentedProcess, agents: agentSettings }, closed), {
      minItems: 1,
      maxItems: 1000,
    }),
    redis: Type.Object({ process: rentedProcess, host: Type.Object(reach, closed), address, port }, closed),
    files: Type.Object(
      { environment: absolutePath, password: absolutePath, generation: Type.Integer({ minimum: 1, default: 1 }) },
      closed,
    ),
    connectSeconds: Type.Integer({ minimum: 1, default: 20 }),
  },
  closed,
)

/** Inputs of the stack ssh, checked. Throws InputsInvalid. */
export function sshInputs(inputs: unknown): SshCluster {
  return checkInputs('ssh', Inputs, inputs)
}
