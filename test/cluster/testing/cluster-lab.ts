import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { copySamples } from '../../testing/samples.ts'
import { LabKeeper } from './lab-keeper.ts'
import { LabNetwork, type LabHost } from './lab-network.ts'
import { LabObjects } from './lab-objects.ts'
import { LabPostgres } from './lab-postgres.ts'
import { LabProcess } from './lab-process.ts'
import { LabRedis } from './lab-redis.ts'

/** The bullpen command of every host. */
export const bullpenCommand = [process.execPath, resolve('dist/coordinator/main/bullpen.js')] as const

/** How long a lease holds in a lab, s: short, so that a test need not wait long for one to lapse. */
export const leaseSeconds = 3

/**
 * A cluster on this machine: hosts in network namespaces, a redis-server and a PostgreSQL that they reach over a bridge,
 * and a folder of objects they share. All of it is real, and all of it is gone after `close`, or when the test process
 * dies in whatever way.
 */
export class ClusterLab {
  readonly network: LabNetwork
  readonly redis: LabRedis
  readonly postgres: LabPostgres
  readonly objects: LabObjects
  readonly hosts: readonly LabHost[]
  /** Holds everything that the lab writes. */
  readonly folder: string
  private readonly keeper: LabKeeper

  private constructor(hosts: number) {
    const prefix = `bullpen-${process.pid}-${randomBytes(3).toString('hex')}`
    this.folder = mkdtempSync(join(tmpdir(), `${prefix}-`))
    this.keeper = new LabKeeper(prefix, this.folder)
    this.network = new LabNetwork(prefix)
    this.hosts = Array.from({ length: hosts }, () => this.network.addHost())
    this.redis = new LabRedis(this.network.control, this.folder)
    this.postgres = new LabPostgres(this.network.control, this.folder)
    this.objects = new LabObjects(this.folder)
  }

  /** Makes the hosts and starts the servers. */
  static async open(hosts: number): Promise<ClusterLab> {
    const lab = new ClusterLab(hosts)
    try {
      await Promise.all([lab.redis.start(), lab.postgres.start()])
      return lab
    } catch (error) {
      await lab.close()
      throw error
    }
  }

  /** Starts a worker agent; resolves when it takes tasks. */
  startAgent(host: LabHost, threads = 1): LabProcess {
    return this.bullpen(host, ['worker', '--threads', String(threads)])
  }

  /** Starts a coordinator, on the control host unless told: `bullpen train ...args` over the queue. */
  train(args: readonly string[], host = this.network.control): LabProcess {
    return this.bullpen(host, ['train', ...args, '--json'])
  }

  /** Starts `bullpen ...args` on a host, over the lab's servers; with `queue` false without Redis. */
  bullpen(
    host: LabHost,
    args: readonly string[],
    { queue = true, env = {} }: { readonly queue?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
  ): LabProcess {
    return this.run(host, [...bullpenCommand, ...args], queue ? { REDIS_URL: this.redis.url, ...env } : env)
  }

  /** BULLPEN_HOME of a host. */
  homeOf({ name }: LabHost): string {
    return join(this.folder, name)
  }

  /** Starts any program on a host with the environment of its bullpen. */
  run(host: LabHost, command: readonly string[], env: Readonly<Record<string, string>> = {}): LabProcess {
    const home = this.homeOf(host)
    if (!existsSync(home)) copySamples(home)
    return new LabProcess(host, command, {
      HOME: home,
      BULLPEN_HOME: home,
      DATABASE_URL: this.postgres.url,
      BULLPEN_OBJECTS: this.objects.url,
      BULLPEN_LEASE_SECONDS: String(leaseSeconds),
      ...env,
    })
  }

  /** Kills everything that runs in the lab and removes it. Idempotent. */
  close(): Promise<void> {
    return this.keeper.remove()
  }
}
