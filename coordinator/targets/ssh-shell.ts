import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BullpenError } from '#core/errors'
import { writeAtomically } from '#platform/files'
import { scriptTimeoutMs, type HostShell } from './host-shell.ts'
import type { SshHost } from './ssh-hosts.ts'

/** The shell of a host, by the ssh command; the host's key is always checked. */
export class SshShell implements HostShell {
  readonly place: string
  readonly home: string
  private readonly host: SshHost
  private readonly knownHosts: string
  private readonly connectSeconds: number

  /** `folder` takes the file of the host's key. */
  constructor(host: SshHost, folder: string, connectSeconds: number) {
    this.place = host.name
    this.home = host.home
    this.host = host
    // Not by its name: the file of hosts may call another one so by now, and both are looked at at once.
    this.knownHosts = join(folder, `${host.address}-${host.port}.known-hosts`)
    this.connectSeconds = connectSeconds
  }

  async run(script: string, word: string): Promise<string> {
    const { address, port, user, keyFile, hostKey } = this.host
    const name = port === 22 ? address : `[${address}]:${port}`
    await writeAtomically(this.knownHosts, `${name} ${hostKey}\n`)
    const settings = [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${this.knownHosts}`,
      'GlobalKnownHostsFile=/dev/null',
      `HostKeyAlgorithms=${algorithmsOf(hostKey)}`,
      'IdentitiesOnly=yes',
      `ConnectTimeout=${this.connectSeconds}`,
      'ServerAliveInterval=5',
      'LogLevel=ERROR',
    ]
    const login = ['-F', '/dev/null', '-i', keyFile, '-p', String(port), '-l', user]
    const command = `exec env BULLPEN_HOME=${quoted(this.home)} sh -c ${quoted(script)} ${quoted(word)}`
    const args = [...login, ...settings.flatMap((setting) => ['-o', setting]), '--', address, command]
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] }
    const options = { env, timeout: scriptTimeoutMs, maxBuffer: 16 * 2 ** 20 }
    try {
      return (await promisify(execFile)('ssh', args, options)).stdout
    } catch (error) {
      throw this.unreachable(error as Error & { stderr?: string; code?: unknown })
    }
  }

  private unreachable(error: Error & { stderr?: string; code?: unknown }): BullpenError {
    if (error.code === 'ENOENT') {
      return new BullpenError('TOOL_MISSING', { tool: 'ssh', purpose: 'it reaches the hosts' }, { cause: error })
    }
    const reason = error.stderr?.trim().split('\n').at(-1) || 'no answer in time'
    return new BullpenError('TARGET_UNREACHABLE', { target: 'ssh', place: this.place, reason }, { cause: error })
  }
}

/** A key of RSA signs by algorithms of other names. */
function algorithmsOf(hostKey: string): string {
  const type = hostKey.split(' ')[0]!
  return type === 'ssh-rsa' ? 'rsa-sha2-512,rsa-sha2-256' : type
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
