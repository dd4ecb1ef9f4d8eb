import { randomUUID } from 'node:crypto'
import { BullpenError } from '#core/errors'
import type { ClaimRequest, ClusterClaim, ClusterOutputs, ClusterRecord, ClusterStore } from '#core/protocol'

interface Entry {
  readonly record: ClusterRecord
  readonly token: string | null
}

/** Clusters known to one process. */
export class MemoryClusterStore implements ClusterStore {
  readonly #entries = new Map<string, Entry>()

  claim(claim: ClaimRequest): Promise<ClusterClaim> {
    const { cluster, target, change, request, holder, takeOverFrom, now, until } = claim
    const before = this.#entries.get(cluster)?.record
    if (before && before.target !== target && before.phase !== 'down') {
      const reason = `cluster ${cluster} is at target ${before.target}: take it down first`
      return Promise.reject(new BullpenError('USAGE', { reason }))
    }
    const other = before?.changing
    const isFree = !other || other.until <= now || other.holder === holder || other.holder === takeOverFrom
    if (!isFree && !(other.change === 'up' && change === 'down')) {
      const seconds = Math.max(1, Math.ceil((other.until - now) / 1000))
      const details = { cluster, holder: other.holder, change: other.change, seconds }
      return Promise.reject(new BullpenError('CLUSTER_BUSY', details))
    }
    const record: ClusterRecord = {
      name: cluster,
      target,
      phase: change === 'up' ? 'rising' : 'falling',
      request: request ?? before?.request ?? null,
      outputs: before?.outputs ?? null,
      since: before && before.phase !== 'down' ? before.since : now,
      changing: { change, holder, until },
    }
    const token = randomUUID()
    this.#entries.set(cluster, { record: structuredClone(record), token })
    return Promise.resolve({ cluster, token })
  }

  keep(claim: ClusterClaim, until: number): Promise<boolean> {
    const record = this.#claimed(claim)
    if (!record?.changing) return Promise.resolve(false)
    const changing = { ...record.changing, until }
    this.#entries.set(claim.cluster, { record: { ...record, changing }, token: claim.token })
    return Promise.resolve(true)
  }

  settle(claim: ClusterClaim, end: { readonly up: ClusterOutputs } | 'down'): Promise<boolean> {
    const record = this.#claimed(claim)
    if (!record) return Promise.resolve(false)
    const settled = end === 'down' ? { phase: 'down', outputs: null } : { phase: 'up', outputs: end.up }
    this.#entries.set(claim.cluster, {
      record: structuredClone({ ...record, ...settled, changing: null } as ClusterRecord),
      token: null,
    })
    return Promise.resolve(true)
  }

  cluster(name: string): Promise<ClusterRecord | undefined> {
    return Promise.resolve(structuredClone(this.#entries.get(name)?.record))
  }

  list(): Promise<readonly ClusterRecord[]> {
    const records = [...this.#entries.values()].map(({ record }) => record)
    return Promise.resolve(structuredClone(records.sort((a, b) => (a.name < b.name ? -1 : 1))))
  }

  #claimed({ cluster, token }: ClusterClaim): ClusterRecord | undefined {
    const entry = this.#entries.get(cluster)
    return entry?.token === token ? entry.record : undefined
  }
}
