import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { identify } from '#platform/processes'
import { thisHolder } from '../../holds/index.ts'
import { HeldCluster } from '../held-cluster.ts'
import { MemoryBooks } from '../testing/index.ts'

const start = 1_700_000_000_000
const second = 1000
const up = { cluster: 'blue', target: 'local', change: 'up', request: null } as const
const outputs = {
  cluster: 'blue',
  target: 'local',
  redisUrl: 'redis://x',
  redisPasswordFile: null,
  workers: [],
} as const

/** Another process of this machine: the one that started this one, as it is or as an earlier one of the same pid. */
function neighbour(isDead: boolean): string {
  const [host, , namespace, boot, tick] = thisHolder().split('/')
  const [, theirs] = identify(process.ppid)!.started.split('/')
  return [host, process.ppid, namespace, boot, isDead ? Number(theirs ?? tick) + 1 : theirs].join('/')
}

describe('the right to change a cluster', () => {
  let books: MemoryBooks
  let held: HeldCluster[]

  beforeEach(() => {
    jest.useFakeTimers({ now: start, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] })
    books = new MemoryBooks()
    held = []
  })
  afterEach(() => {
    for (const one of held) one.letGo()
    jest.useRealTimers()
  })

  const claim = async (more: Partial<Parameters<typeof HeldCluster.claim>[1]> = {}): Promise<HeldCluster> => {
    const one = await HeldCluster.claim(books, { ...up, ...more })
    held.push(one)
    return one
  }
  const claimAs = (holder: string, change: 'up' | 'down' = 'up') => {
    return books.clusters.claim({ ...up, change, holder, now: Date.now(), until: Date.now() + 30 * second })
  }
  const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * second)

  test('is kept for as long as it is held, and lapses when it is let go', async () => {
    const mine = await claim()
    await pass(600)
    await expect(claimAs('elsewhere')).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
    mine.letGo()
    await pass(30)
    await claimAs('elsewhere')
  })

  test('is not taken from a process of this machine that lives, whom the refusal names', async () => {
    await claimAs(neighbour(false))
    const details = { cluster: 'blue', holder: expect.stringMatching(`\\(process ${process.ppid}\\)$`) }
    await expect(claim()).rejects.toMatchObject({ code: 'CLUSTER_BUSY', details })
  })

  test('is taken at once from one that is dead, though another has its pid now', async () => {
    const dead = await claimAs(neighbour(true))
    await claim()
    expect(await books.clusters.settle(dead, 'down')).toBe(false)
    expect(await books.clusters.cluster('blue')).toMatchObject({ changing: { holder: thisHolder() } })
  })

  test('is not taken from a process elsewhere, of which nobody here knows whether it lives, before it lapses', async () => {
    await claimAs('other-host/1/4026531836/boot/77')
    const details = { holder: 'other-host (process 1)', seconds: 30 }
    await expect(claim()).rejects.toMatchObject({ code: 'CLUSTER_BUSY', details })
    await pass(29)
    await expect(claim()).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
    await pass(1)
    await claim()
  })

  test('is lost, and says so within ten seconds, when somebody takes the cluster down', async () => {
    const mine = await claim()
    await claimAs('elsewhere', 'down')
    expect(mine.signal.aborted).toBe(false)
    await pass(10)
    expect(mine.signal.reason).toMatchObject({ code: 'CLUSTER_BUSY', details: { change: 'down' } })
    await expect(mine.settle({ up: outputs })).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
    expect(await books.clusters.cluster('blue')).toMatchObject({ phase: 'falling', outputs: null })
  })

  test('outlives a database that is away, unless it lapses and somebody else claims the cluster meanwhile', async () => {
    const mine = await claim()
    books.isAway = true
    await pass(25)
    books.isAway = false
    await pass(10)
    await expect(claimAs('elsewhere')).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
    books.isAway = true
    await pass(30)
    await claimAs('elsewhere')
    books.isAway = false
    await pass(10)
    expect(mine.signal.aborted).toBe(true)
  })

  test('ends with where the cluster stands', async () => {
    await (await claim()).settle({ up: outputs })
    expect(await books.clusters.cluster('blue')).toMatchObject({ phase: 'up', outputs, changing: null })
  })
})
