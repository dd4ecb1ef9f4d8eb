import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { BullpenError } from '#core/errors'
import type {
  ClusterOutputs,
  ClusterRequest,
  FallBack,
  InventoryItem,
  PlannedRental,
  Rental,
  Target,
} from '#core/protocol'
import { writeAtomically } from '#platform/files'
import { checkClusterName, checkRequest } from '../cluster-request.ts'
import { answered } from './answered.ts'
import { inputsOf, type CloudSettings } from './cloud-settings.ts'
import { readTakenOnDemand, writeTakenOnDemand } from './taken-on-demand.ts'
import { rentedNames, type Cloud, type CloudInfra, type StackRunner } from './cloud.ts'

export interface CloudTargetOptions {
  readonly cloud: Cloud
  readonly settings: CloudSettings
  /** BULLPEN_HOME, absolute. Clusters lie in `<home>/clusters/<cluster>`. */
  readonly home: string
  readonly infra: CloudInfra
  /** The terraform of a cluster's stack, which lies in the folder. */
  readonly terraform: (cluster: string, folder: string) => StackRunner
  readonly note: (text: string) => void
}

const Outputs = Type.Object({
  cluster: Type.Object({
    redisUrl: Type.String({ pattern: '^redis://[^@]+$' }),
    redisPasswordSecret: Type.Union([Type.String(), Type.Null()]),
    workers: Type.Array(
      Type.Object({ name: Type.String(), place: Type.String(), hosts: Type.Integer({ minimum: 0 }) }),
    ),
  }),
})

/** How long a terraform that somebody else runs here may take to stop, and to finish destroying, ms. */
const endTimes = { graceMs: 10_000, patienceMs: 600_000 }

/**
 * Clusters of a cloud. What is there is asked of the cloud itself, by tags, so a lost state or folder costs nothing:
 * `down` makes the stack anew, destroys what the state names, and then ends what it does not name. The cloud ends
 * everything at the end of the term by itself; `renewed` moves that end.
 */
export class CloudTarget implements Target {
  readonly name: Cloud['name']
  /** Assumed: an instance boots and pulls its image, or ends, within three minutes. Nothing was run at a cloud. */
  readonly startSeconds = 180
  readonly teardownSeconds = 180
  private readonly options: CloudTargetOptions

  constructor(options: CloudTargetOptions) {
    this.options = options
    this.name = options.cloud.name
  }

  async plan(request: ClusterRequest): Promise<readonly PlannedRental[]> {
    checkRequest(request)
    const { settings, infra } = this.options
    const prices = await infra.prices(this.name, inputsOf(settings, request, []))
    return rentedNames.map((name) => {
      return { name, kind: name === 'redis' ? 'redis' : 'worker', place: '', price: prices[name] }
    })
  }

  async up(request: ClusterRequest, rentals: readonly Rental[], signal: AbortSignal): Promise<ClusterOutputs> {
    checkRequest(request)
    const { cluster } = request
    try {
      const terraform = await this.stackOf(request, rentals)
      await terraform.init(signal)
      await terraform.apply(signal)
      const outputs = answered(this.name, 'the outputs', Outputs, await terraform.output(signal)).cluster
      const { redisUrl, workers, redisPasswordSecret: secret } = outputs
      const redisPasswordFile = secret === null ? null : await this.passwordFile(cluster, secret)
      return { cluster, target: this.name, redisUrl, redisPasswordFile, workers }
    } catch (error) {
      const isOthers = error instanceof BullpenError && error.code === 'TARGET_BUSY'
      if (!isOthers) await this.clear(cluster)
      throw error
    }
  }

  async fallBack(
    request: ClusterRequest,
    rentals: readonly Rental[],
    wanted: number,
    signal: AbortSignal,
  ): Promise<FallBack> {
    const { cluster, workers } = request
    const given = (await this.inventory(cluster)).filter(isWorkingHost).length
    const missing = wanted - given
    if (missing <= 0) return { workers: 0, told: `all ${wanted} hosts are there, and more time is what they need` }
    const inputs = await this.inputsOf(request, rentals)
    const { changed, ...fallBack } = await this.options.infra.onDemand(this.name, inputs, missing)
    const told = `${this.name} has given ${given} of ${wanted} hosts; ${fallBack.told}`
    if (fallBack.workers === 0) return { workers: 0, told }
    // Before it is done: another up must not give back what this one takes.
    await writeTakenOnDemand(this.folder(cluster), { workers, changed })
    const terraform = await this.stackOf(request, rentals)
    await terraform.init(signal)
    await terraform.apply(signal)
    return { ...fallBack, told }
  }

  async down(cluster: string, signal: AbortSignal): Promise<void> {
    checkClusterName(cluster)
    const found = await this.inventory(cluster)
    const failure = found.length === 0 ? null : await this.destroy(cluster, signal)
    for (const item of await this.inventory(cluster)) {
      signal.throwIfAborted()
      // The state of a stack that is not destroyed names what costs nothing but would be in the way.
      if (item.what !== 'state' || failure === null) await this.options.cloud.end(item)
    }
    if (failure !== null) throw failure
    await rm(this.folder(cluster), { recursive: true, force: true })
  }

  async inventory(cluster?: string): Promise<readonly InventoryItem[]> {
    if (cluster !== undefined) checkClusterName(cluster)
    return this.options.cloud.inventory(cluster)
  }

  async end(item: InventoryItem): Promise<void> {
    await this.options.cloud.end(item)
  }

  async renewed(cluster: string, endsAt: number): Promise<void> {
    await this.options.cloud.renewed(cluster, endsAt)
  }

  /** Destroys what the state names; answers why it could not. */
  private async destroy(cluster: string, signal: AbortSignal): Promise<Error | null> {
    try {
      const terraform = await this.stackOf(anyRequest(cluster), [])
      await terraform.running.end(endTimes)
      await terraform.init(signal)
      await terraform.destroy(signal, { breakLock: true })
      return null
    } catch (error) {
      signal.throwIfAborted()
      this.options.note(`${String(error)}: its hosts are ended without terraform`)
      return error as Error
    }
  }

  private async stackOf(request: ClusterRequest, rentals: readonly Rental[]): Promise<StackRunner> {
    const { infra, terraform } = this.options
    const folder = join(this.folder(request.cluster), 'terraform')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const inputs = await this.inputsOf(request, rentals)
    return terraform(request.cluster, await infra.synth(this.name, inputs, folder))
  }

  /** Settings and request, and what of them a fallback has changed. */
  private async inputsOf(request: ClusterRequest, rentals: readonly Rental[]): Promise<Record<string, unknown>> {
    const changed = await readTakenOnDemand(this.folder(request.cluster), request.workers)
    return { ...inputsOf(this.options.settings, request, rentals), ...changed }
  }

  private async passwordFile(cluster: string, secret: string): Promise<string> {
    const file = join(this.folder(cluster), 'redis.password')
    const password = await this.options.cloud.secret(secret)
    await writeAtomically(file, (draft) => writeFile(draft, password, { mode: 0o600, flag: 'wx' }))
    return file
  }

  /** What an `up` that failed has left. The failure is told, not what comes after it. */
  private async clear(cluster: string): Promise<void> {
    await this.down(cluster, new AbortController().signal).catch((error: unknown) => {
      this.options.note(`what is left of ${cluster} could not be ended: ${String(error)}`)
    })
  }

  private folder(cluster: string): string {
    return join(this.options.home, 'clusters', cluster)
  }
}

/** A worker that is there: a host of a group, not one that a cloud has taken back. */
function isWorkingHost({ rental, detail }: InventoryItem): boolean {
  return /\/workers#/.test(rental) && /^instance /.test(detail) && !/(stop\w*|crashed|error|deleting)$/i.test(detail)
}

/** To destroy, terraform reads the state; of the stack it needs the provider and the place of the state only. */
function anyRequest(cluster: string): ClusterRequest {
  return {
    cluster,
    workers: 1,
    threads: null,
    endsAt: Date.now(),
    idleExitSeconds: 60,
    maxLifetimeSeconds: 60,
    maxPricePerHour: null,
    price: null,
  }
}
