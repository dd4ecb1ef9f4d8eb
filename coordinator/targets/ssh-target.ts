import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { BullpenError } from '#core/errors'
import type { ClusterRequest, PlannedRental } from '#core/protocol'
import { secretFile, writeAtomically } from '#platform/files'
import { nextGenerations, readClusterRecord, writeClusterRecord } from './cluster-record.ts'
import { checkRequest } from './cluster-request.ts'
import type { HostShell } from './host-shell.ts'
import type { RentedProcess } from './infra.ts'
import { ProcessTarget, type ComingCluster, type ProcessTargetOptions } from './process-target.ts'
import { hostsText, readSshHosts, type SshHost } from './ssh-hosts.ts'
import { SshShell } from './ssh-shell.ts'

export interface SshTargetOptions extends ProcessTargetOptions {
  /** File of hosts, see {@link readSshHosts}. */
  readonly hostsFile: string
  /** What agents there are told, secrets included: it goes in a file, 0600, and nowhere else. */
  readonly env: Readonly<Record<string, string>>
  /** How long a host is waited for, s (20). */
  readonly connectSeconds?: number
}

/**
 * Clusters of hosts that are there already, reached by ssh: the first so many of a file. What a cluster was made from,
 * its state and its two secret files lie in `<home>/clusters/<cluster>` here; its processes in the same folder of the
 * home of each host.
 */
export class SshTarget extends ProcessTarget {
  readonly name = 'ssh'
  private readonly ssh: SshTargetOptions
  private readonly connectSeconds: number

  constructor(options: SshTargetOptions) {
    super(options)
    this.ssh = options
    this.connectSeconds = options.connectSeconds ?? 20
  }

  async plan(request: ClusterRequest): Promise<readonly PlannedRental[]> {
    await this.check(request)
    const { hosts, redis } = await readSshHosts(this.ssh.hostsFile)
    const workers = hosts.slice(0, request.workers).map(({ name: place, price }, i) => {
      return { name: `worker-${i + 1}`, kind: 'worker' as const, place, price: price ?? request.price }
    })
    // It runs beside a worker, on a host that is paid for already.
    const beside = workers.find(({ place }) => place === redis.host)
    const price = beside
      ? beside.price && { ...beside.price, perHour: 0 }
      : hosts.find(({ name }) => name === redis.host)!.price
    return [{ name: 'redis', kind: 'redis', place: redis.host, price }, ...workers]
  }

  protected async check(request: ClusterRequest): Promise<void> {
    checkRequest(request)
    const { hosts } = await readSshHosts(this.ssh.hostsFile)
    const { workers, maxPricePerHour, price: said } = request
    if (workers > hosts.length) {
      throw usage(`${workers} workers are asked for, and ${this.ssh.hostsFile} has ${hosts.length} hosts`)
    }
    const most = maxPricePerHour ?? Infinity
    const dear = hosts.slice(0, workers).find(({ price }) => ((price ?? said)?.perHour ?? 0) > most)
    if (dear) throw usage(`host ${dear.name} costs more than ${String(maxPricePerHour)} per hour`)
    checkDatabase(this.ssh.env['DATABASE_URL'])
  }

  protected async shells(cluster?: string): Promise<readonly HostShell[]> {
    const hosts = await this.hostsOf(cluster)
    const folder = join(this.options.home, 'ssh')
    return hosts.map((host) => new SshShell(host, folder, this.connectSeconds))
  }

  protected environment(): Readonly<Record<string, string>> {
    return {}
  }

  protected async makeStack({ request, folder, ids, living }: ComingCluster): Promise<string> {
    const { cluster, workers, threads, idleExitSeconds, maxLifetimeSeconds, price: said } = request
    const { hosts, redis } = await readSshHosts(this.ssh.hostsFile)
    const files = await this.writeFiles(folder)
    // Copied anew when it says something else than the one that the hosts have.
    const known = new Set(files.isNew ? living : [...living, 'environment'])
    const before = await readClusterRecord(folder)
    const all = new Map([...ids, ['environment', 'environment']])
    const processes = nextGenerations(all, before?.processes ?? {}, known)
    await writeClusterRecord(folder, { redisPort: redis.port, processes })
    await writeAtomically(join(folder, 'hosts.json'), hostsText({ hosts, redis }))
    const rented = (name: string): RentedProcess => ({ name, ...processes[name]! })
    const settings = { threads, idleExitSeconds, maxLifetimeSeconds }
    const used = hosts.slice(0, workers).map((host, i) => {
      const { bullpen, price } = host
      const agents = { bullpen, price: price ?? said, ...settings }
      return { ...reachOf(host), worker: rented(`worker-${i + 1}`), agents }
    })
    const redisOn = hosts.find(({ name }) => name === redis.host)!
    const { synthSsh } = await this.options.infra()
    const stack = {
      cluster,
      hosts: used,
      redis: { ...redis, process: rented('redis'), host: reachOf(redisOn), bullpen: redisOn.bullpen },
      files: { ...files.paths, generation: processes['environment']!.generation },
      connectSeconds: this.connectSeconds,
    }
    return synthSsh(stack, join(folder, 'terraform'))
  }

  /** The hosts that a cluster was made of, whatever the file says now; of no cluster in particular: all of all. */
  private async hostsOf(cluster?: string): Promise<readonly SshHost[]> {
    const clusters = join(this.options.home, 'clusters')
    const names = cluster === undefined ? await readdir(clusters).catch((): string[] => []) : [cluster]
    const kept = await Promise.all(names.map((name) => keptHosts(join(clusters, name, 'hosts.json'))))
    const hosts = kept.flat()
    if (cluster === undefined || hosts.length === 0) hosts.push(...(await readSshHosts(this.ssh.hostsFile)).hosts)
    return [...new Map(hosts.map((host) => [`${host.address} ${host.port} ${host.home}`, host])).values()]
  }

  /** The two secret files that hosts get a copy of. */
  private async writeFiles(folder: string) {
    const paths = { environment: join(folder, 'environment'), password: join(folder, 'redis.password') }
    const make = () => randomBytes(24).toString('hex')
    await secretFile(paths.password, { what: 'a password', make, isWhole: (text) => text.length === 48 })
    const lines = Object.entries(this.ssh.env).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'\n`)
    const isNew = lines.join('') !== (await readFile(paths.environment, 'utf8').catch(() => null))
    if (isNew) await writeAtomically(paths.environment, (draft) => writeSecret(draft, lines.join('')))
    return { paths, isNew }
  }
}

/** None when no cluster was made from such a file. One that does not hold any more is told: its hosts may have something. */
async function keptHosts(file: string): Promise<readonly SshHost[]> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  return isThere ? (await readSshHosts(file)).hosts : []
}

/** How a host is reached, and its home: what a stack needs of it. */
function reachOf({ name, address, port, user, keyFile, hostKey, home }: SshHost) {
  return { name, address, port, user, keyFile, hostKey, home }
}

function writeSecret(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: 0o600, flag: 'wx' })
}

/** Agents on other hosts cannot use a database that only this machine reaches. Throws USAGE. */
function checkDatabase(url: string | undefined): void {
  const needs = 'hosts reached by ssh need a database that they can reach: set DATABASE_URL'
  if (url === undefined) throw usage(`${needs}; the embedded one serves this machine only`)
  const { hostname } = new URL(url)
  if (hostname === '' || hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)) {
    throw usage(`${needs} to an address that is not this machine's own`)
  }
}

function usage(reason: string): BullpenError {
  return new BullpenError('USAGE', { reason })
}
