import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { Rental } from '#core/protocol'
import { identify } from '#platform/processes'
import { clusterDown, type ClusterDownOptions } from '../cluster-down.ts'
import { ensureGuard } from '../guard-process.ts'
import { MemorySite } from '../testing/index.ts'

const minute = 60_000
const elsewhere = 'other-host/1/4026531836/boot/77'
const unreachable = new BullpenError('TARGET_UNREACHABLE', { target: 'local', place: 'here', reason: 'no route' })

describe('taking a cluster down', () => {
  let site: MemorySite
  let guard: Rental

  beforeEach(async () => {
    site = new MemorySite()
    guard = (await site.book('blue', 30 * minute))[0]!
    site.target.put('blue/redis#1', 'process')
    site.target.put('blue/worker-1#1', 'process')
    site.target.put('green/redis#1', 'process')
    await ensureGuard(site, guard)
  })
  afterEach(() => site.close())

  const down = (more: Partial<ClusterDownOptions> = {}): Promise<void> => {
    const usual = {
      cluster: 'blue',
      because: 'told to',
      by: 'coordinator',
      signal: new AbortController().signal,
    } as const
    return clusterDown({ ...usual, ...more }, site)
  }
  const claimElsewhere = (change: 'up' | 'down', forMs: number) => {
    const claim = { cluster: 'blue', target: 'local', change, request: null, holder: elsewhere } as const
    return site.books.clusters.claim({ ...claim, now: Date.now(), until: Date.now() + forMs })
  }

  test('ends everything of it, its guard included, and nothing else, and writes off what was open', async () => {
    const pid = (await site.guardPid(guard.id))!
    await site.books.ledger.ended('blue/worker-1#1', 'it ended by itself', Date.now())
    await down()
    expect([site.target.running, identify(pid), await site.open('blue')]).toEqual([['green/redis#1'], null, []])
    const reasons = (await site.books.ledger.list({ cluster: 'blue' })).map(({ endedBecause }) => endedBecause)
    expect(reasons).toEqual(['it ended by itself', 'told to', 'told to'])
    expect(await site.record('blue')).toMatchObject({ phase: 'down', changing: null })
  })

  test('of one that is not there does nothing, however often', async () => {
    for (let i = 0; i < 2; i++) await down({ cluster: 'red' })
    expect([site.target.running.length, await site.open('blue')]).toMatchObject([3, { length: 3 }])
    expect(await site.books.ledger.list({ cluster: 'red' })).toEqual([])
  })

  test('is tried again when the target fails', async () => {
    site.target.before('down', () => Promise.reject(unreachable))
    await down()
    expect(site.notes).toContainEqual(expect.stringMatching(/no route; trying again$/))
    expect(site.target.calls.filter((call) => call === 'down blue')).toHaveLength(2)
    expect(site.target.running).toEqual(['green/redis#1'])
  })

  test('ends one by one what the target has overlooked', async () => {
    site.target.before('inventory', () => {
      site.target.put('blue/worker-9#1', 'process')
    })
    await down()
    expect(site.target.calls).toEqual(['down blue', 'end process blue/worker-9#1'])
    expect([site.target.running, await site.open('blue')]).toEqual([['green/redis#1'], []])
  })

  test('that leaves something is a failure that names it, and the ledger keeps it open', async () => {
    const stays = () => {
      site.target.put('blue/worker-9#1', 'process')
    }
    site.target.before('inventory', stays, stays)
    const failed = down({ tries: 1 })
    await expect(failed).rejects.toMatchObject({ code: 'TARGET_FAILED' })
    await expect(failed).rejects.toThrow('process on here: process of blue/worker-9#1')
    expect(await site.open('blue')).toHaveLength(3)
    expect(identify((await site.guardPid(guard.id))!)).not.toBeNull()
  })

  test('whose trying is ended is tried once, and fails as that try did', async () => {
    site.target.before('down', () => Promise.reject(unreachable))
    await expect(down({ signal: AbortSignal.abort() })).rejects.toBe(unreachable)
    expect(site.target.calls).toEqual(['down blue'])
  })

  test('waits for somebody else who does it, and makes sure after him', async () => {
    const other = await claimElsewhere('down', 30_000)
    const done = down()
    let isDone = false
    void done.then(() => (isDone = true))
    while (!site.notes.some((text) => text.endsWith('waiting for it'))) await new Promise(setImmediate)
    expect([isDone, site.target.calls]).toEqual([false, []])
    await site.books.clusters.settle(other, 'down')
    await done
    expect(site.target.calls).toEqual(['down blue'])
  })

  test('waits for nobody when it was told to stop', async () => {
    await claimElsewhere('down', 30_000)
    await expect(down({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
  })

  test('goes before somebody who brings it up', async () => {
    const other = await claimElsewhere('up', 30_000)
    await down()
    expect(await site.books.clusters.keep(other, Date.now() + minute)).toBe(false)
    expect(site.target.running).toEqual(['green/redis#1'])
  })

  test('leaves the guard that does it alive', async () => {
    await down({ by: 'guard' })
    expect(identify((await site.guardPid(guard.id))!)).not.toBeNull()
    expect(await site.open('blue')).toEqual([])
  })
})
