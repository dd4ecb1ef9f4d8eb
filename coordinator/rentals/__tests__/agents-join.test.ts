import { expect, test } from '@jest/globals'
import type { AgentFacts, ClusterOutputs, ClusterRequest, FallBack, Target } from '#core/protocol'
import { MemoryClusterStore, MemoryFleet, MemoryRentalLedger } from '#platform/memory'
import { agentsJoin } from '../agents-join.ts'
import type { ClusterSite } from '../cluster-site.ts'
import { RentalBooks } from '../rental-books.ts'

const request: ClusterRequest = {
  cluster: 'weekly',
  workers: 8,
  threads: null,
  endsAt: 0,
  idleExitSeconds: 60,
  maxLifetimeSeconds: 60,
  maxPricePerHour: null,
  price: null,
}
const group = [{ name: 'workers', place: 'g', hosts: 8 }]
const processes = ['worker-1', 'worker-2'].map((name) => ({ name, place: 'here' }))
const none: FallBack = { workers: 0, told: 'none is taken on demand' }

test('a group is waited for until all of its hosts have an agent', async () => {
  const lab = joining({ workers: group, joinMs: 60_000 })
  await lab.join('weekly.workers', 7)
  const joined = lab.wait()
  await lab.looked()
  await lab.join('weekly.workers', 1)
  await joined
  expect(lab.notes).toEqual(['cluster weekly: 8 of 8 workers have joined the fleet'])
})

test('what has not come in time is taken in the other way, waited for once more, and told', async () => {
  const lab = joining({
    workers: group,
    fallBack: async () => {
      await lab.join('weekly.workers', 2)
      return { workers: 2, told: 'aws has given 6 of 8 hosts; 2 more on demand' }
    },
  })
  await lab.join('weekly.workers', 6)
  await lab.wait()
  expect(lab.asked).toEqual([8])
  expect(lab.notes).toEqual([
    'cluster weekly: 6 of 8 workers have joined the fleet after 0.001 s',
    'cluster weekly: aws has given 6 of 8 hosts; 2 more on demand',
    'cluster weekly: 8 of 8 workers have joined the fleet',
  ])
})

test.each([
  ['that has no other way', () => Promise.resolve(none), /none is taken on demand/],
  ['whose other way fails', () => Promise.reject(new Error('no credit')), /no credit.*goes on with who has joined/],
])('a group %s goes on with those who came, and says how many', async (_, fallBack, told) => {
  const lab = joining({ workers: group, fallBack })
  await lab.join('weekly.workers', 6)
  await lab.wait()
  expect(lab.notes[1]).toMatch(told)
  expect(lab.notes.at(-1)).toBe('cluster weekly: 6 of 8 workers have joined the fleet')
})

test('a group of which nobody came is no cluster, and why its other way failed is told', async () => {
  const alone = joining({ workers: group, fallBack: () => Promise.resolve(none) })
  await expect(alone.wait()).rejects.toMatchObject({ code: 'NO_WORKERS' })
  const failing = joining({ workers: group, fallBack: () => Promise.reject(new Error('no credit')) })
  await expect(failing.wait()).rejects.toThrow('no credit')
})

test('of processes each must come: another agent of one name does not stand in for the other', async () => {
  const lab = joining({ workers: processes })
  await lab.join('weekly.worker-1', 2)
  await lab.join('other.worker-2', 1)
  const failed = lab.wait()
  await expect(failed).rejects.toMatchObject({ code: 'NO_WORKERS' })
  await expect(failed).rejects.toThrow('cluster weekly (weekly.worker-2)')
})

test('two agents of one process count once, and the other process is waited for', async () => {
  const lab = joining({ workers: processes, joinMs: 60_000 })
  await lab.join('weekly.worker-1', 2)
  const joined = lab.wait()
  await lab.looked()
  await lab.join('weekly.worker-2', 1)
  await joined
  expect(lab.notes).toEqual(['cluster weekly: 2 of 2 workers have joined the fleet'])
})

test('an agent that has left or drains has not joined', async () => {
  const lab = joining({ workers: processes })
  await lab.join('weekly.worker-1', 1)
  const [id] = await lab.join('weekly.worker-2', 1)
  await lab.fleet.pulse(id!, { state: 'draining', busy: 0, done: 0, failed: 0 })
  await expect(lab.wait()).rejects.toThrow('weekly.worker-2')
})

test('whoever is told to stop stops, and takes nothing on demand', async () => {
  const stop = new AbortController()
  const lab = joining({ workers: group, joinMs: 60_000, fallBack: () => Promise.resolve(none) })
  const waiting = lab.wait(stop.signal)
  await lab.looked()
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  expect(lab.asked).toEqual([])
})

/** A cluster whose agents are waited for, for a moment unless said otherwise. */
function joining(cluster: {
  readonly workers: ClusterOutputs['workers']
  readonly joinMs?: number
  readonly fallBack?: () => Promise<FallBack>
}) {
  const { workers, joinMs = 1, fallBack } = cluster
  const fleet = new LookedAtFleet()
  const ledger = new MemoryRentalLedger()
  const notes: string[] = []
  const asked: number[] = []
  const target = {
    name: 'aws',
    ...(fallBack && {
      fallBack: (_request: unknown, _rentals: unknown, wanted: number) => {
        asked.push(wanted)
        return fallBack()
      },
    }),
  } as Partial<Target> as Target
  const open = { ledger, clusters: new MemoryClusterStore(), fleet, close: () => Promise.resolve() }
  const site: ClusterSite = {
    home: '/nowhere',
    bullpen: [],
    books: new RentalBooks(() => Promise.resolve(open)),
    target,
    note: (text) => {
      notes.push(text)
    },
  }
  const outputs: ClusterOutputs = {
    ...{ cluster: 'weekly', target: 'aws', redisUrl: 'redis://r', redisPasswordFile: null },
    workers,
  }
  const never = new AbortController().signal
  return {
    fleet,
    notes,
    asked,
    looked: () => fleet.looked,
    wait: (signal = never) => agentsJoin({ request, rentals: [], outputs, joinMs }, site, signal),
    async join(host: string, agents: number): Promise<string[]> {
      const before = (await fleet.list()).length
      const ids = Array.from({ length: agents }, (_, i) => `${host}-${before + i}`)
      for (const id of ids) await fleet.join({ ...facts, id, host }, 60_000)
      return ids
    },
  }
}

const facts: Omit<AgentFacts, 'id' | 'host'> = {
  pid: 1,
  route: 'train',
  threads: 1,
  cores: 1,
  memoryBytes: 1,
  engine: 'native 1.7.4',
  versions: {},
  price: null,
}

/** Tells when it is looked at by whoever waits. */
class LookedAtFleet extends MemoryFleet {
  readonly looked: Promise<void>
  #look: () => void = () => undefined

  constructor() {
    super()
    this.looked = new Promise((resolve) => (this.#look = resolve))
  }

  override list(withinMs?: number) {
    this.#look()
    return super.list(withinMs)
  }
}
