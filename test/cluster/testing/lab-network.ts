import { execFileSync } from 'node:child_process'

/** A host of a lab: a network namespace with one link to the bridge. */
export interface LabHost {
  readonly name: string
  readonly namespace: string
  readonly address: string
}

/**
 * Hosts joined by a bridge that lies in a namespace of its own, so that labs share nothing with each other nor with the
 * machine and may all use the same addresses:
 *
 *     host-1 10.77.0.11 --veth--+
 *     host-2 10.77.0.12 --veth--+-- bridge 10.77.0.1 in the control namespace (Redis, PostgreSQL, coordinator)
 *     ...                       |
 */
export class LabNetwork {
  readonly control: LabHost
  private readonly prefix: string
  private hosts = 0

  constructor(prefix: string) {
    this.prefix = prefix
    this.control = { name: 'control', namespace: `${prefix}-control`, address: '10.77.0.1' }
    const { namespace, address } = this.control
    ip('netns', 'add', namespace)
    ip('-n', namespace, 'link', 'set', 'lo', 'up')
    // A bridge without an address of its own takes the lowest of its members': it would change when a host is cut off,
    // and all others lose it until their neighbour tables notice.
    ip('-n', namespace, 'link', 'add', 'bridge', 'address', '02:00:00:00:00:01', 'type', 'bridge')
    ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'bridge')
    ip('-n', namespace, 'link', 'set', 'bridge', 'up')
  }

  addHost(): LabHost {
    const name = `host-${++this.hosts}`
    const host = { name, namespace: `${this.prefix}-${name}`, address: `10.77.0.${10 + this.hosts}` }
    const { namespace } = this.control
    ip('netns', 'add', host.namespace)
    ip('-n', host.namespace, 'link', 'set', 'lo', 'up')
    ip('-n', namespace, 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host.namespace)
    ip('-n', host.namespace, 'address', 'add', `${host.address}/24`, 'dev', 'eth0')
    ip('-n', host.namespace, 'link', 'set', 'eth0', 'up')
    ip('-n', namespace, 'link', 'set', name, 'up')
    this.heal(host)
    return host
  }

  /** Takes a host off the bridge: its link stays up, and what it sends goes nowhere, as behind a switch that died. */
  cut({ name }: LabHost): void {
    ip('-n', this.control.namespace, 'link', 'set', name, 'nomaster')
  }

  heal({ name }: LabHost): void {
    ip('-n', this.control.namespace, 'link', 'set', name, 'master', 'bridge')
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
