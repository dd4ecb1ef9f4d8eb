import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabHost, LabNetwork } from './lab-network.ts'
import { LabProcess } from './lab-process.ts'

/** An sshd on each host of a lab, with keys of their own, and commands for a test that must run on the control host. */
export class LabSsh {
  /** Private key of the one user, root. */
  readonly keyFile: string
  private readonly folder: string
  private readonly network: LabNetwork
  private readonly servers = new Map<string, LabProcess>()

  constructor(network: LabNetwork, folder: string) {
    this.network = network
    this.folder = join(folder, 'ssh')
    this.keyFile = join(this.folder, 'user')
    mkdirSync(this.folder)
    mkdirSync('/run/sshd', { recursive: true })
    makeKey(this.keyFile, 'ed25519')
  }

  /** Starts it, again with the same keys; resolves when it listens. */
  async start(host: LabHost): Promise<void> {
    const of = (suffix: string) => join(this.folder, `${host.name}${suffix}`)
    if (!this.servers.has(host.name)) {
      makeKey(of('.ecdsa'), 'ecdsa')
      makeKey(of('.ed25519'), 'ed25519')
      const lines = [
        `ListenAddress ${host.address}`,
        `HostKey ${of('.ecdsa')}`,
        `HostKey ${of('.ed25519')}`,
        `AuthorizedKeysFile ${this.keyFile}.pub`,
        `PidFile ${of('.pid')}`,
        'UsePAM no',
        'StrictModes no',
        // Several clusters at a time are more logins under way than the ten after which it turns some away.
        'MaxStartups 100',
      ]
      writeFileSync(of('.conf'), `${lines.join('\n')}\n`)
      for (const type of ['ed25519', 'ecdsa']) {
        appendFileSync(this.knownHosts, `${host.address} ${readFileSync(of(`.${type}.pub`), 'utf8')}`)
      }
    }
    const server = new LabProcess(host, ['/usr/sbin/sshd', '-D', '-e', '-f', of('.conf')], {})
    this.servers.set(host.name, server)
    await server.saw(/Server listening/)
  }

  /** From now on the host refuses connections. */
  async stop(host: LabHost): Promise<void> {
    await this.servers.get(host.name)?.end('SIGKILL')
  }

  /** Keys of all hosts, of two kinds each. */
  get knownHosts(): string {
    return join(this.folder, 'known_hosts')
  }

  /** A folder with commands of these names that run on the control host: put it first in PATH. */
  controlCommands(...names: string[]): string {
    const bin = join(this.folder, 'bin')
    mkdirSync(bin, { recursive: true })
    for (const name of names) {
      const real = execFileSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).trim()
      const path = join(bin, name)
      writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.network.control.namespace} ${real} "$@"\n`)
      chmodSync(path, 0o755)
    }
    return bin
  }
}

function makeKey(path: string, type: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', path])
}
