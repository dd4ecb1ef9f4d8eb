import type {
  ClusterOutputs,
  ClusterRequest,
  Fleet,
  InventoryItem,
  PlannedRental,
  Rental,
  Target,
  TargetName,
} from '#core/protocol'

/** What goes before a call of a method: it may fail, or wait. */
type Step = () => Promise<void> | void
type Method = 'up' | 'down' | 'inventory' | 'end' | 'renewed'

/** A target whose things are entries of a list. Agents of what comes up join the fleet at once. */
export class MemoryTarget implements Target {
  readonly name: TargetName
  readonly startSeconds = 60
  readonly teardownSeconds = 60
  /** What exists: a process of each rental, and one folder of each cluster. */
  things: InventoryItem[] = []
  /** Every call that changes something, in words. */
  readonly calls: string[] = []
  /** False: agents start and never join. */
  joins = true
  private readonly fleet: Fleet
  private readonly steps = new Map<Method, Step[]>()

  constructor(fleet: Fleet, name: TargetName = 'local') {
    this.fleet = fleet
    this.name = name
  }

  /** Goes before the next calls of the method, one each. */
  before(method: Method, ...steps: readonly Step[]): void {
    this.steps.set(method, [...(this.steps.get(method) ?? []), ...steps])
  }

  /** Rentals of which a process exists. */
  get running(): string[] {
    return this.things.filter(({ what }) => what === 'process').map(({ rental }) => rental)
  }

  plan({ workers }: ClusterRequest): Promise<readonly PlannedRental[]> {
    const names = Array.from({ length: workers }, (_, i) => `worker-${i + 1}`)
    const planned = names.map((name): PlannedRental => ({ name, kind: 'worker', place: 'here', price: null }))
    return Promise.resolve([{ name: 'redis', kind: 'redis', place: 'here', price: null }, ...planned])
  }

  async up({ cluster }: ClusterRequest, rentals: readonly Rental[], signal: AbortSignal): Promise<ClusterOutputs> {
    const rented = rentals.filter(({ kind }) => kind !== 'guard')
    const dead = rented.filter(({ id }) => !this.running.includes(id))
    this.calls.push(`up ${dead.map(({ id }) => id).join(' ')}`.trimEnd())
    await this.step('up')
    signal.throwIfAborted()
    for (const { id } of dead) this.put(id, 'process')
    const hasFolder = this.things.some((thing) => thing.what === 'folder' && thing.cluster === cluster)
    if (!hasFolder) this.put(rented[0]!.id, 'folder')
    const workers = rented.filter(({ kind }) => kind === 'worker').map(({ name, place }) => ({ name, place }))
    if (this.joins) for (const { name } of workers) await this.join(`${cluster}.${name}`)
    return { cluster, target: this.name, redisUrl: 'redis://127.0.0.1:1', redisPasswordFile: null, workers }
  }

  async down(cluster: string): Promise<void> {
    this.calls.push(`down ${cluster}`)
    await this.step('down')
    this.things = this.things.filter((thing) => thing.cluster !== cluster)
  }

  async inventory(cluster?: string): Promise<readonly InventoryItem[]> {
    await this.step('inventory')
    return this.things.filter((thing) => cluster === undefined || thing.cluster === cluster)
  }

  async end(item: InventoryItem): Promise<void> {
    this.calls.push(`end ${item.what} ${item.rental}`)
    await this.step('end')
    this.things = this.things.filter(({ what, rental }) => what !== item.what || rental !== item.rental)
  }

  async renewed(cluster: string, endsAt: number): Promise<void> {
    this.calls.push(`renewed ${cluster} ${endsAt}`)
    await this.step('renewed')
  }

  /** Something exists, whoever made it. */
  put(rental: string, what: InventoryItem['what']): void {
    this.things.push({ rental, cluster: rental.split('/')[0]!, what, place: 'here', detail: `${what} of ${rental}` })
  }

  private join(host: string): Promise<void> {
    const facts = { id: host, host, pid: 1, route: 'own-p1-memory', threads: 1, cores: 1, memoryBytes: 2 ** 30 }
    return this.fleet.join({ ...facts, engine: '', versions: {}, price: null }, 60_000)
  }

  private async step(method: Method): Promise<void> {
    await this.steps.get(method)?.shift()?.()
  }
}
