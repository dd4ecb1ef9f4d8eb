import { randomBytes } from 'node:crypto'
import { availableParallelism, hostname, totalmem } from 'node:os'
import type { AgentFacts } from '#core/protocol'

/** What the operator and the program decide; the rest is found out. */
export interface AgentSettings extends Pick<AgentFacts, 'route' | 'threads' | 'engine' | 'price'> {
  /** Name of the host, for people; the system's own when absent. */
  readonly host?: string | undefined
  /** Version of bullpen. */
  readonly version: string
}

/** What this process says of itself when it joins. */
export function agentFacts({ host = hostname(), version, ...settings }: AgentSettings): AgentFacts {
  return {
    ...settings,
    id: `${host}-${process.pid}-${randomBytes(3).toString('hex')}`,
    host,
    pid: process.pid,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    versions: { bullpen: version, node: process.versions.node },
  }
}
