import { describeWithTools } from '../../../coordinator/targets/testing/index.ts'
import { describeCluster } from './lab-support.ts'

const tools = ['terraform', '/usr/sbin/sshd', 'ssh-keygen', 'redis-cli', 'setpriv']

/** `describe` where clusters of hosts reached by ssh can be made; elsewhere one loud line says what is missing. */
export function describeHosts(name: string, suite: () => void): void {
  describeWithTools(tools, name, () => {
    describeCluster(name, suite)
  })
}
