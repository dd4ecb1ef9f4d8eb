import { DataResource, TerraformOutput, TerraformStack } from 'cdktn'
import type { FileProvisioner, RemoteExecProvisioner, SSHProvisionerConnection } from 'cdktn'
import type { Construct } from 'constructs'
import { clearScript, endScript, startScript } from '../processes/process-scripts.ts'
import { agentCommand, redisCommand, type AgentSettings, type RentedProcess } from '../processes/rented-process.ts'
import { shellWords, terraformText } from '../processes/shell-words.ts'

/** A host that is reached by ssh. */
export interface SshClusterHost {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  /** File here with the private key; only its path gets into the state. */
  readonly keyFile: string
  /** Public key of the host, `TYPE BASE64`: always checked. */
  readonly hostKey: string
  /** BULLPEN_HOME there, absolute. */
  readonly home: string
}

/** One with an agent. */
export interface SshClusterWorker extends SshClusterHost {
  readonly worker: RentedProcess
  readonly agents: AgentSettings
}

/** A cluster of hosts that are there already. */
export interface SshCluster {
  readonly cluster: string
  readonly hosts: readonly SshClusterWorker[]
  readonly redis: {
    readonly process: RentedProcess
    /** One of the hosts, or another. */
    readonly host: SshClusterHost
    /** Address of that host that all hosts and the coordinator reach. */
    readonly address: string
    readonly port: number
  }
  /** Files here (0600) that are copied to every host, so that no secret is in the stack, its state or a command. */
  readonly files: { readonly environment: string; readonly password: string; readonly generation: number }
  /** How long a host is waited for, s. */
  readonly connectSeconds: number
}

type Provisioner = RemoteExecProvisioner | FileProvisioner

/** A redis-server on one host and an agent on each, over ssh, without a provider plugin. Otherwise as the local cluster. */
export class SshClusterStack extends TerraformStack {
  private readonly props: SshCluster

  constructor(scope: Construct, id: string, props: SshCluster) {
    super(scope, id)
    this.props = props
    const { hosts, redis } = props
    const all = new Map([redis.host, ...hosts].map((host) => [host.name, host]))
    const files = new Map([...all].map(([name, host]) => [name, this.files(host)]))
    const server = this.process(
      redis.host,
      redis.process,
      [files.get(redis.host.name)!],
      ['redis', ...redisCommand(redis.process, this.folder(redis.host))],
    )
    for (const host of hosts) {
      const words = ['worker', ...agentCommand(host.worker, host.agents)]
      this.process(host, host.worker, [server, files.get(host.name)!], words)
    }
    new TerraformOutput(this, 'redis_url', { value: `redis://${redis.address}:${redis.port}` })
    new TerraformOutput(this, 'redis_password_file', { value: props.files.password })
    new TerraformOutput(this, 'workers', {
      value: hosts.map(({ name, worker }) => ({ name: worker.name, place: name })),
    })
  }

  /** The cluster's folder on a host with what its processes are told, both for the user alone. */
  private files(host: SshClusterHost): DataResource {
    const { files, cluster } = this.props
    const folder = this.folder(host)
    // Terraform leaves an empty file where its first script was: there is no folder yet to put it in.
    const first = `/tmp/bullpen-${cluster}-${host.name}`
    // It also empties its last script once that has run. In a folder of its own, which goes with the one around it, it
    // finds no place for it; otherwise it would leave an empty file where the folder was.
    const end = `${folder}/end`
    const copied = ['environment', 'redis.password'].map((name) => `'${folder}/${name}'`).join(' ')
    return new DataResource(this, `files-${host.name}`, {
      input: this.reach(host, `${cluster}/files`),
      triggersReplace: { generation: files.generation, address: host.address, home: host.home },
      provisioners: [
        remote(this.connection(`${first}-%RAND%.sh`), [`umask 077; mkdir -p '${end}' && touch ${copied}`]),
        {
          type: 'file',
          source: files.environment,
          destination: `${folder}/environment`,
          connection: this.connection(),
        },
        {
          type: 'file',
          source: files.password,
          destination: `${folder}/redis.password`,
          connection: this.connection(),
        },
        remote(this.connection(`${folder}/script.sh`), [`chmod 600 ${copied}; rm -f ${first}-*.sh`]),
        remote(this.connection(`${end}/script.sh`), [carrying(clearScript, 'clear')], 'destroy'),
      ],
    })
  }

  private process(
    host: SshClusterHost,
    process: RentedProcess,
    dependsOn: DataResource[],
    [kind = '', ...command]: readonly string[],
  ): DataResource {
    const { redis } = this.props
    const words = shellWords([kind, redis.address, String(redis.port), ...command])
    const connection = this.connection(`${this.folder(host)}/script-${process.name}.sh`)
    return new DataResource(this, process.name, {
      dependsOn,
      input: this.reach(host, process.rental),
      triggersReplace: {
        rental: process.rental,
        generation: process.generation,
        host: host.name,
        redis: redis.address,
      },
      provisioners: [
        remote(connection, [carrying(startScript, words)]),
        remote(connection, [carrying(endScript, 'end')], 'destroy'),
      ],
    })
  }

  /** All that a destroy command may know: what the resource itself holds. */
  private reach({ address, port, user, keyFile, hostKey, home }: SshClusterHost, rental: string) {
    return { address, port, user, key_file: keyFile, host_key: hostKey, home, rental }
  }

  private connection(scriptPath?: string): SSHProvisionerConnection {
    return {
      type: 'ssh',
      host: '${self.output.address}',
      port: '${self.output.port}' as unknown as number,
      user: '${self.output.user}',
      privateKey: '${file(self.output.key_file)}',
      hostKey: '${self.output.host_key}',
      agent: 'false',
      timeout: `${this.props.connectSeconds}s`,
      ...(scriptPath === undefined ? {} : { scriptPath }),
    }
  }

  private folder({ home }: SshClusterHost): string {
    return `${home}/clusters/${this.props.cluster}`
  }
}

/** A script that runs with the rental in its environment, by which it and what it starts are found. */
function carrying(script: string, words: string): string {
  const environment = "BULLPEN_RENTAL='${self.output.rental}' BULLPEN_HOME='${self.output.home}'"
  return `exec env ${environment} sh -c ${terraformText(`${shellWords([script])} ${shellWords([words])}`)}`
}

/** The typed constructs leave out `when` of remote-exec, and hand it on all the same. */
function remote(connection: SSHProvisionerConnection, inline: string[], when?: 'destroy'): Provisioner {
  const provisioner: RemoteExecProvisioner = { type: 'remote-exec', connection, inline }
  return when === undefined ? provisioner : Object.assign(provisioner, { when })
}
