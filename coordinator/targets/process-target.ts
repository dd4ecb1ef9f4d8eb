import { mkdir, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { asBullpenError, BullpenError } from '#core/errors'
import type { ClusterOutputs, ClusterRequest, InventoryItem, PlannedRental, Rental, Target } from '#core/protocol'
import { Terraform } from '#platform/terraform'
import { readClusterOutputs } from './cluster-outputs.ts'
import { readClusterRecord } from './cluster-record.ts'
import { checkClusterName, checkRequest, rentalIds, workerNames } from './cluster-request.ts'
import type { HostShell } from './host-shell.ts'
import type { Infra } from './infra.ts'
import { clusterOf, readSighting, type Sighting } from './sighting.ts'
import { hasStack, stackFolder, stackItems, stacksIn } from './stack-folder.ts'

export interface ProcessTargetOptions {
  /** BULLPEN_HOME of this machine, absolute. What is known of clusters lies in `<home>/clusters/<cluster>`. */
  readonly home: string
  readonly infra: () => Promise<Infra>
  readonly note: (text: string) => void
}

/** A cluster that is about to come up. */
export interface ComingCluster {
  readonly request: ClusterRequest
  /** Folder on this machine, which exists. */
  readonly folder: string
  /** What each thing was booked as, by name. */
  readonly ids: ReadonlyMap<string, string>
  /** Rentals whose keepers live. */
  readonly living: ReadonlySet<string>
}

/** How long a terraform that somebody else runs may take to stop, and to finish destroying, ms. */
const endTimes = { graceMs: 10_000, patienceMs: 60_000 }

/** Longest that taking down what an `up` left may take, ms: nobody else can be asked to stop then. */
const clearMs = 180_000

/**
 * Clusters as processes, here or on hosts. Terraform starts and ends them; what there is is known from the processes
 * themselves (their environment, Linux only), so that a state that was lost, or a terraform that was killed, costs
 * nothing: `down` ends what terraform does not know of as well.
 */
export abstract class ProcessTarget implements Target {
  abstract readonly name: 'local' | 'ssh'
  /** Three times what was measured over ssh on a loaded machine: up 20 s, down 9 s (docs/performance.md, Rented machines). */
  readonly startSeconds = 60
  readonly teardownSeconds = 60
  protected readonly options: ProcessTargetOptions

  constructor(options: ProcessTargetOptions) {
    this.options = options
  }

  abstract plan(request: ClusterRequest): Promise<readonly PlannedRental[]>

  /** Throws USAGE for a request that cannot be met; nothing has been done then. */
  protected abstract check(request: ClusterRequest): Promise<void>

  /** Where processes of the cluster, or of any, may be. */
  protected abstract shells(cluster?: string): Promise<readonly HostShell[]>

  /** Writes the stack; answers its folder. */
  protected abstract makeStack(coming: ComingCluster): Promise<string>

  /** What terraform and its commands are told by the environment. */
  protected abstract environment(): Readonly<Record<string, string>>

  async up(request: ClusterRequest, rentals: readonly Rental[], signal: AbortSignal): Promise<ClusterOutputs> {
    checkRequest(request)
    const { cluster, workers } = request
    const ids = rentalIds(['redis', ...workerNames(workers)], rentals)
    await this.check(request)
    await this.refuseBusy(cluster)
    try {
      const folder = this.folder(cluster)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const living = new Set((await this.look(cluster)).flatMap(({ sighting }) => [...sighting.living]))
      const terraform = this.terraform(await this.makeStack({ request, folder, ids, living }))
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
    const stack = stackFolder(folder, this.name)
    const shells = await this.shells(cluster)
    if (await hasStack(stack)) {
      const terraform = this.terraform(stack)
      await terraform.running.end(endTimes)
      await destroy(terraform, signal).catch((error: unknown) => {
        if (signal.aborted) throw error
        this.options.note(`${asBullpenError(error).message}: its processes are ended without it`)
      })
    }
    const { scripts } = await this.options.infra()
    const swept = await Promise.allSettled(shells.map((shell) => shell.run(scripts.sweep, cluster)))
    const failures = swept.flatMap((end) => (end.status === 'rejected' ? [asBullpenError(end.reason).message] : []))
    if (failures.length > 0) {
      const what = `ending everything of ${cluster}`
      throw new BullpenError('TARGET_FAILED', { target: this.name, what, reason: failures.join('; ') })
    }
    await rm(folder, { recursive: true, force: true })
  }

  async inventory(cluster?: string): Promise<readonly InventoryItem[]> {
    if (cluster !== undefined) checkClusterName(cluster)
    const seen = await this.look(cluster)
    const items = seen.flatMap(({ shell: { place, home }, sighting: { processes, folders } }): InventoryItem[] => [
      ...processes.map(({ pid, rental, program }) => {
        return { rental, cluster: clusterOf(rental), place, what: 'process' as const, detail: `pid ${pid} ${program}` }
      }),
      ...folders.map((rental) => {
        const detail = join(home, 'clusters', rental)
        return { rental, cluster: clusterOf(rental), place, what: 'folder' as const, detail }
      }),
    ])
    const clusters = new Set(seen.flatMap(({ sighting }) => sighting.clusters))
    for (const name of await readdir(join(this.options.home, 'clusters')).catch((): string[] => [])) clusters.add(name)
    for (const name of clusters) items.push(...(await this.clusterItems(name, seen)))
    return items.filter((item) => cluster === undefined || item.cluster === cluster)
  }

  async end({ what, cluster, rental, detail, place }: InventoryItem): Promise<void> {
    const isRental = rental !== '' && (what === 'process' || detail.endsWith(rental))
    if (!isRental) return this.down(cluster, AbortSignal.timeout(clearMs))
    const shell = (await this.shells(cluster)).find((one) => one.place === place)
    await shell?.run((await this.options.infra()).scripts.end, rental)
  }

  protected terraform(folder: string): Terraform {
    return new Terraform({ folder, target: this.name, backend: { kind: 'local' }, env: this.environment() })
  }

  protected folder(cluster: string): string {
    return join(this.options.home, 'clusters', cluster)
  }

  private async refuseBusy(cluster: string): Promise<void> {
    const running = await this.terraform(stackFolder(this.folder(cluster), this.name)).running.now()
    if (!running) return
    const { command, pid } = running
    throw new BullpenError('TARGET_BUSY', { target: this.name, what: `terraform ${command}`, pid })
  }

  /** Ends processes of the cluster that are no longer asked for: terraform does not end what its stack no longer names. */
  private async endOthers(cluster: string, wanted: ReadonlySet<string>): Promise<void> {
    const { scripts } = await this.options.infra()
    for (const { shell, sighting } of await this.look(cluster)) {
      const rentals = new Set(sighting.processes.map(({ rental }) => rental))
      for (const rental of rentals) {
        const isOurs = clusterOf(rental) === cluster && /\/(redis|worker-\d+)#/.test(rental)
        if (isOurs && !wanted.has(rental)) await shell.run(scripts.end, rental)
      }
    }
  }

  /** Ends what an `up` that failed has left. The failure is told, not what comes after it. */
  private async clear(cluster: string): Promise<void> {
    await this.down(cluster, AbortSignal.timeout(clearMs)).catch((error: unknown) => {
      this.options.note(`what is left of ${cluster} could not be ended: ${asBullpenError(error).message}`)
    })
  }

  /** What belongs to a whole cluster, under the rental that every cluster has. */
  private async clusterItems(cluster: string, seen: readonly Seen[]): Promise<InventoryItem[]> {
    const { home } = this.options
    const folder = this.folder(cluster)
    const stacks = await stacksIn(folder)
    const record = await readClusterRecord(folder)
    const of = { rental: record?.processes['redis']?.rental ?? '', cluster }
    const away = seen.filter(({ shell, sighting }) => shell.home !== home && sighting.clusters.includes(cluster))
    const items = away.map(({ shell }): InventoryItem => {
      return { ...of, what: 'folder', place: shell.place, detail: join(shell.home, 'clusters', cluster) }
    })
    // A folder without a stack was left by a process of this machine.
    if (!stacks.includes(this.name) && (stacks.length > 0 || this.name !== 'local')) return items
    const here = { ...of, place: hostname() }
    const isEmpty = (await readdir(folder).catch(() => [])).length === 0
    if (isEmpty) return items
    return [
      ...items,
      ...(await stackItems(stackFolder(folder, this.name), here)),
      { ...here, what: 'folder', detail: folder },
    ]
  }

  private async look(cluster?: string): Promise<Seen[]> {
    const { scripts } = await this.options.infra()
    const look = async (shell: HostShell) => ({ shell, sighting: readSighting(await shell.run(scripts.look, 'look')) })
    return Promise.all((await this.shells(cluster)).map(look))
  }
}

interface Seen {
  readonly shell: HostShell
  readonly sighting: Sighting
}

async function destroy(terraform: Terraform, signal: AbortSignal): Promise<void> {
  await terraform.init(signal)
  await terraform.destroy(signal, { breakLock: true })
}
