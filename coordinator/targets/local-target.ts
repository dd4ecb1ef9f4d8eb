import { mkdir, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { BullpenError } from '#core/errors'
import type { ClusterOutputs, ClusterRequest, InventoryItem, PlannedRental, Rental, Target } from '#core/protocol'
import { Terraform } from '#platform/terraform'
import { checkClusterName, checkRequest, rentalIds, workerNames } from './cluster-request.ts'
import { readClusterOutputs } from './cluster-outputs.ts'
import { nextGenerations, readClusterRecord, writeClusterRecord } from './cluster-record.ts'
import { freePort } from './free-port.ts'
import { LocalShell } from './host-shell.ts'
import type { Infra, RentedProcess } from './infra.ts'
import { clusterOf, readSighting, type Sighting } from './sighting.ts'
import { hasStack, stackFolder, stackItems } from './stack-folder.ts'

export interface LocalTargetOptions {
  /** BULLPEN_HOME, absolute. Clusters lie in `<home>/clusters/<cluster>`. */
  readonly home: string
  /** The bullpen command of this machine. */
  readonly bullpen: readonly string[]
  /** Settings of the processes, secrets included, beside what they inherit. */
  readonly env: Readonly<Record<string, string>>
  readonly infra: () => Promise<Infra>
  readonly note: (text: string) => void
}

/** How long a terraform that somebody else runs may take to stop, and to finish destroying, ms. */
const endTimes = { graceMs: 10_000, patienceMs: 60_000 }

/** Longest that taking down what an `up` left may take, ms: nobody else can be asked to stop then. */
const clearMs = 180_000

/**
 * Clusters as processes of this machine. What is there is known from the processes themselves (their environment, Linux
 * only), so a lost state costs nothing: `down` ends what terraform does not know of as well.
 *
 *     <home>/clusters/<cluster>/   cluster.json        what the stack was made from
 *                                  redis.password      0600
 *                                  terraform/          stack, state, lock, the terraform at work
 *                                  <name>#<n>/, logs/  of its processes
 */
export class LocalTarget implements Target {
  readonly name = 'local'
  private readonly options: LocalTargetOptions
  private readonly shell: LocalShell

  constructor(options: LocalTargetOptions) {
    this.options = options
    this.shell = new LocalShell(hostname(), options.home)
  }

  plan(request: ClusterRequest): Promise<readonly PlannedRental[]> {
    checkRequest(request)
    const here = { place: this.shell.place, price: null }
    const workers = workerNames(request.workers).map((name) => ({ name, kind: 'worker' as const, ...here }))
    return Promise.resolve([{ name: 'redis', kind: 'redis', ...here }, ...workers])
  }

  async up(request: ClusterRequest, rentals: readonly Rental[], signal: AbortSignal): Promise<ClusterOutputs> {
    checkRequest(request)
    const { cluster, workers } = request
    const ids = rentalIds(['redis', ...workerNames(workers)], rentals)
    try {
      const terraform = this.terraform(await this.makeStack(request, ids))
      await terraform.init(signal)
      await terraform.apply(signal)
      await this.endOthers(cluster, new Set(ids.values()))
      return readClusterOutputs({ cluster, target: this.name }, await terraform.output(signal))
    } catch (error) {
      const isOthers = error instanceof BullpenError && error.code === 'TARGET_BUSY'
      if (!isOthers) await this.clear(cluster)
      throw error
    }
  }

  async down(cluster: string, signal: AbortSignal): Promise<void> {
    checkClusterName(cluster)
    const folder = this.folder(cluster)
    const stack = stackFolder(folder, 'local')
    if (await hasStack(stack)) {
      const terraform = this.terraform(stack)
      await terraform.running.end(endTimes)
      await destroy(terraform, signal).catch((error: unknown) => {
        if (signal.aborted) throw error
        this.options.note(`${String(error)}: its processes are ended without it`)
      })
    }
    await this.shell.run((await this.options.infra()).scripts.sweep, cluster)
    await rm(folder, { recursive: true, force: true })
  }

  async inventory(cluster?: string): Promise<readonly InventoryItem[]> {
    if (cluster !== undefined) checkClusterName(cluster)
    const { processes, folders, clusters } = await this.look()
    const { place } = this.shell
    const of = (rental: string) => ({ rental, cluster: clusterOf(rental), place })
    const items: InventoryItem[] = [
      ...processes.map(({ pid, rental, program }) => {
        return { ...of(rental), what: 'process' as const, detail: `pid ${pid} ${program}` }
      }),
      ...folders.map((rental) => {
        return { ...of(rental), what: 'folder' as const, detail: join(this.options.home, 'clusters', rental) }
      }),
    ]
    for (const name of clusters) items.push(...(await this.clusterItems(name)))
    return items.filter((item) => cluster === undefined || item.cluster === cluster)
  }

  async end({ what, cluster, rental, detail }: InventoryItem): Promise<void> {
    const isRental = rental !== '' && (what === 'process' || detail.endsWith(rental))
    if (!isRental) return this.down(cluster, AbortSignal.timeout(clearMs))
    await this.shell.run((await this.options.infra()).scripts.end, rental)
  }

  /** Writes down what the cluster is now made of, and its stack; answers the folder of the stack. */
  private async makeStack(request: ClusterRequest, ids: ReadonlyMap<string, string>): Promise<string> {
    const { cluster, threads, idleExitSeconds, maxLifetimeSeconds } = request
    const { home, bullpen, infra } = this.options
    const folder = this.folder(cluster)
    const running = await this.terraform(stackFolder(folder, 'local')).running.now()
    if (running) {
      throw new BullpenError('TARGET_BUSY', {
        target: this.name,
        what: `terraform ${running.command}`,
        pid: running.pid,
      })
    }
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const { living } = await this.look()
    const before = await readClusterRecord(folder)
    const processes = nextGenerations(ids, before?.processes ?? {}, living)
    const isRedisUp = living.has(ids.get('redis')!)
    const redisPort = isRedisUp && before ? before.redisPort : await freePort(before?.redisPort ?? 0)
    await writeClusterRecord(folder, { redisPort, processes })
    const rented = (name: string): RentedProcess => {
      const { rental, generation } = processes[name]!
      return { name, rental, generation, keeper: this.keeper(rental) }
    }
    const agents = { bullpen, threads, idleExitSeconds, maxLifetimeSeconds, price: null }
    const workers = workerNames(request.workers).map(rented)
    const { synthLocal } = await infra()
    return synthLocal({ cluster, home, redis: rented('redis'), redisPort, workers, agents }, join(folder, 'terraform'))
  }

  private keeper(rental: string): string[] {
    const { bullpen, home } = this.options
    const folder = join(home, 'clusters', rental)
    // Twice the notice time of an agent, so that it may leave by itself.
    return [...bullpen, 'rental', 'keep', '--id', rental, '--folder', folder, '--notice-time', '20', '--']
  }

  /** Ends processes of the cluster that are no longer asked for: terraform does not end what its stack no longer names. */
  private async endOthers(cluster: string, wanted: ReadonlySet<string>): Promise<void> {
    const { processes } = await this.look()
    const others = new Set(
      processes.map(({ rental }) => rental).filter((rental) => /\/(redis|worker-\d+)#/.test(rental)),
    )
    const { scripts } = await this.options.infra()
    for (const rental of others) {
      if (clusterOf(rental) === cluster && !wanted.has(rental)) await this.shell.run(scripts.end, rental)
    }
  }

  /** What an `up` that failed has left. The failure is told, not what comes after it. */
  private async clear(cluster: string): Promise<void> {
    await this.down(cluster, AbortSignal.timeout(clearMs)).catch((error: unknown) => {
      this.options.note(`what is left of ${cluster} could not be ended: ${String(error)}`)
    })
  }

  private async clusterItems(cluster: string): Promise<InventoryItem[]> {
    const folder = this.folder(cluster)
    // What belongs to the whole cluster goes by the rental that every cluster has.
    const record = await readClusterRecord(folder)
    const of = { rental: record?.processes['redis']?.rental ?? '', cluster, place: this.shell.place }
    const items = await stackItems(stackFolder(folder, 'local'), of)
    const isEmpty = (await readdir(folder).catch(() => [])).length === 0
    return isEmpty ? [] : [...items, { ...of, what: 'folder', detail: folder }]
  }

  private async look(): Promise<Sighting> {
    const { scripts } = await this.options.infra()
    return readSighting(await this.shell.run(scripts.look, 'look'))
  }

  private folder(cluster: string): string {
    return join(this.options.home, 'clusters', cluster)
  }

  private terraform(folder: string): Terraform {
    const { home, env } = this.options
    return new Terraform({
      folder,
      target: this.name,
      backend: { kind: 'local' },
      env: { ...env, BULLPEN_HOME: home },
    })
  }
}

async function destroy(terraform: Terraform, signal: AbortSignal): Promise<void> {
  await terraform.init(signal)
  await terraform.destroy(signal, { breakLock: true })
}
