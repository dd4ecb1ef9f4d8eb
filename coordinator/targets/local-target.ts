import { hostname } from 'node:os'
import { join } from 'node:path'
import type { ClusterRequest, PlannedRental } from '#core/protocol'
import { nextGenerations, readClusterRecord, writeClusterRecord } from './cluster-record.ts'
import { checkRequest, workerNames } from './cluster-request.ts'
import { freePort } from './free-port.ts'
import { LocalShell, type HostShell } from './host-shell.ts'
import type { RentedProcess } from './infra.ts'
import { ProcessTarget, type ComingCluster, type ProcessTargetOptions } from './process-target.ts'

export interface LocalTargetOptions extends ProcessTargetOptions {
  /** The bullpen command of this machine. */
  readonly bullpen: readonly string[]
  /** Settings of the processes, secrets included, beside what they inherit. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Clusters as processes of this machine.
 *
 *     <home>/clusters/<cluster>/   cluster.json        what the stack was made from
 *                                  redis.password      0600
 *                                  terraform/          stack, state, lock, the terraform at work
 *                                  <name>#<n>/, logs/  of its processes
 */
export class LocalTarget extends ProcessTarget {
  readonly name = 'local'
  private readonly local: LocalTargetOptions
  private readonly shell: LocalShell

  constructor(options: LocalTargetOptions) {
    super(options)
    this.local = options
    this.shell = new LocalShell(hostname(), options.home)
  }

  async plan(request: ClusterRequest): Promise<readonly PlannedRental[]> {
    await this.check(request)
    const { place } = this.shell
    const { workers, price } = request
    return [
      // Beside the workers, on a machine that is paid for with them.
      { name: 'redis', kind: 'redis', place, price: price && { ...price, perHour: 0 } },
      ...workerNames(workers).map((name) => ({ name, kind: 'worker' as const, place, price })),
    ]
  }

  protected check(request: ClusterRequest): Promise<void> {
    checkRequest(request)
    return Promise.resolve()
  }

  protected shells(): Promise<readonly HostShell[]> {
    return Promise.resolve([this.shell])
  }

  protected environment(): Readonly<Record<string, string>> {
    const { home, env } = this.local
    return { ...env, BULLPEN_HOME: home }
  }

  protected async makeStack({ request, folder, ids, living }: ComingCluster): Promise<string> {
    const { cluster, threads, idleExitSeconds, maxLifetimeSeconds, price } = request
    const { home, bullpen, infra } = this.local
    const before = await readClusterRecord(folder)
    const processes = nextGenerations(ids, before?.processes ?? {}, living)
    const isRedisUp = living.has(ids.get('redis')!)
    const redisPort = isRedisUp && before ? before.redisPort : await freePort(before?.redisPort ?? 0)
    await writeClusterRecord(folder, { redisPort, processes })
    const rented = (name: string): RentedProcess => ({ name, ...processes[name]! })
    const agents = { bullpen, threads, idleExitSeconds, maxLifetimeSeconds, price }
    const workers = workerNames(request.workers).map(rented)
    const { synthLocal } = await infra()
    return synthLocal({ cluster, home, redis: rented('redis'), redisPort, workers, agents }, join(folder, 'terraform'))
  }
}
