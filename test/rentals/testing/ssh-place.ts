import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { booksOf, type RentalBooks } from '../../../coordinator/rentals/index.ts'
import { bullpenCommand, ClusterLab } from '../../cluster/testing/cluster-lab.ts'
import type { LabHost } from '../../cluster/testing/lab-network.ts'
import { LabSsh } from '../../cluster/testing/lab-ssh.ts'
import type { RentedCommand, RentedPlace } from './rented-place.ts'

/**
 * Hosts of a lab, reached by ssh from its control host, where coordinators and guards run. Each cluster has a file of
 * hosts of its own, with a port for its Redis: on real hosts there is one cluster at a time. A cluster of one worker has
 * it on the first host of the file and Redis on the last.
 */
export class SshPlace implements RentedPlace {
  readonly target = 'ssh'
  readonly home: string
  readonly hostHomes: readonly string[]
  readonly books: RentalBooks
  readonly lab: ClusterLab
  private readonly ssh: LabSsh
  private readonly files = new Map<string, string>()

  private constructor(lab: ClusterLab) {
    this.lab = lab
    this.ssh = new LabSsh(lab.network, lab.folder)
    this.home = lab.homeOf(lab.network.control)
    this.hostHomes = lab.hosts.map((host) => lab.homeOf(host))
    this.books = booksOf({ url: lab.postgres.socketUrl, home: this.home, onNote: () => undefined })
  }

  static async open(hosts: number): Promise<SshPlace> {
    const lab = await ClusterLab.open(hosts)
    try {
      const place = new SshPlace(lab)
      await Promise.all(lab.hosts.map((host) => place.ssh.start(host)))
      return place
    } catch (error) {
      await lab.close()
      throw error
    }
  }

  /** Which hosts a cluster is made of: the first two, unless told before its first command. */
  use(cluster: string, hosts: readonly LabHost[]): void {
    const file = join(this.lab.folder, `hosts-of-${cluster || 'all'}.json`)
    const entries = hosts.map((host) => ({
      name: host.name,
      address: host.address,
      user: 'root',
      keyFile: this.ssh.keyFile,
      knownHosts: this.ssh.knownHosts,
      home: this.lab.homeOf(host),
      bullpen: bullpenCommand,
    }))
    const redis = { host: hosts.at(-1)!.name, port: 6380 + this.files.size }
    writeFileSync(file, JSON.stringify({ hosts: entries, redis }))
    this.files.set(cluster, file)
  }

  settings(cluster: string): Record<string, string> {
    if (!this.files.has(cluster)) this.use(cluster, cluster === '' ? this.lab.hosts : this.lab.hosts.slice(0, 2))
    return { BULLPEN_HOSTS: this.files.get(cluster)! }
  }

  start(args: readonly string[], env: Record<string, string>): RentedCommand {
    return this.lab.bullpen(this.lab.network.control, args, { queue: false, env })
  }

  async close(): Promise<void> {
    await this.books.close()
    await this.lab.close()
  }
}
