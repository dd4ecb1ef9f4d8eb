/**
 * What targets of processes need of the room that holds the stacks: coordinator/main hands it over, loaded only for a
 * command that rents something (the construct library takes a third of a second).
 */
export interface Infra {
  /** Writes the stack below `outdir`; answers the folder of it. */
  readonly synthLocal: (cluster: LocalCluster, outdir: string) => Promise<string>
  readonly synthSsh: (cluster: SshCluster, outdir: string) => Promise<string>
  readonly scripts: ProcessScripts
}

/** Shell scripts for a host; each finds what is rented by BULLPEN_RENTAL and BULLPEN_HOME of the processes. */
export interface ProcessScripts {
  /** Prints what there is, see {@link Sighting}. */
  readonly look: string
  /** Ends every process whose rental's id begins as it is told, but guards. */
  readonly sweep: string
  /** Ends every process of the rental that it is told. */
  readonly end: string
}

/** A process as a stack keeps it. */
export interface RentedProcess {
  readonly name: string
  readonly rental: string
  /** One more each time it was found dead: that alone makes terraform replace it. */
  readonly generation: number
}

/** How agents are started. */
export interface AgentSettings {
  readonly bullpen: readonly string[]
  readonly threads: number | null
  readonly idleExitSeconds: number
  readonly maxLifetimeSeconds: number
  readonly price: { readonly perHour: number; readonly currency: string } | null
}

/** A cluster of processes on this machine. */
export interface LocalCluster {
  readonly cluster: string
  readonly home: string
  readonly redis: RentedProcess
  readonly redisPort: number
  readonly workers: readonly RentedProcess[]
  readonly agents: AgentSettings
}

/** A host that is reached by ssh. */
export interface SshClusterHost {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly keyFile: string
  /** `TYPE BASE64`. */
  readonly hostKey: string
  /** BULLPEN_HOME there. */
  readonly home: string
}

/** A cluster of hosts that are there already. */
export interface SshCluster {
  readonly cluster: string
  readonly hosts: readonly (SshClusterHost & { readonly worker: RentedProcess; readonly agents: AgentSettings })[]
  readonly redis: {
    readonly process: RentedProcess
    readonly host: SshClusterHost
    readonly address: string
    readonly port: number
    /** The bullpen command of its host. */
    readonly bullpen: readonly string[]
  }
  readonly files: { readonly environment: string; readonly password: string; readonly generation: number }
  readonly connectSeconds: number
}
