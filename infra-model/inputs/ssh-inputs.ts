import { Type, type Static } from '@sinclair/typebox'
import type { SshCluster } from '../ssh/ssh-cluster-stack.ts'
import { checkInputs } from './check-inputs.ts'
import { clusterRequest } from './cluster-request.ts'
import { absolutePath, agentSettings, keptProcess, namedOnce, rentedProcess } from './process-parts.ts'
import { processState, type State } from './state.ts'

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
    state: processState,
    hosts: Type.Array(Type.Object({ ...reach, worker: rentedProcess, agents: agentSettings }, closed), {
      minItems: 1,
      maxItems: 1000,
    }),
    redis: Type.Object(
      {
        process: rentedProcess,
        host: Type.Object(reach, closed),
        address,
        port,
        /** The bullpen command of its host; that of the worker there where it is not given. */
        bullpen: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
      },
      closed,
    ),
    files: Type.Object(
      { environment: absolutePath, password: absolutePath, generation: Type.Integer({ minimum: 1, default: 1 }) },
      closed,
    ),
    connectSeconds: Type.Integer({ minimum: 1, default: 20 }),
  },
  closed,
)

/** Inputs of the stack ssh, checked, what they leave out filled in. Throws InputsInvalid. */
export function sshInputs(inputs: unknown): SshCluster & { readonly state: State } {
  const checked = checkInputs('ssh', Inputs, inputs, ({ hosts, redis }) => [
    ...namedOnce([redis.process, ...hosts.map(({ worker }) => worker)]),
    ...namedOnce(hosts),
    ...((redis.process.keeper ?? bullpenOfRedis({ hosts, redis }))
      ? []
      : ['redis.bullpen: is needed on a host of its own']),
  ])
  const { cluster, hosts, redis } = checked
  const kept = (process: typeof redis.process, home: string, bullpen: readonly string[]) =>
    keptProcess(process, { cluster, home, bullpen })
  return {
    ...checked,
    hosts: hosts.map((host) => ({ ...host, worker: kept(host.worker, host.home, host.agents.bullpen) })),
    redis: { ...redis, process: kept(redis.process, redis.host.home, bullpenOfRedis(checked) ?? []) },
  }
}

function bullpenOfRedis({ hosts, redis }: Pick<Static<typeof Inputs>, 'hosts' | 'redis'>): string[] | undefined {
  return redis.bullpen ?? hosts.find(({ name }) => name === redis.host.name)?.agents.bullpen
}
