import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ClaimRequest, ClusterStore } from '../cluster-store.ts'
import type { ClusterOutputs, ClusterRequest } from '../target.ts'

/** An empty store. */
export interface ClusterStoreFixture {
  readonly store: ClusterStore
  close(): Promise<void> | void
}

const now = 1_700_000_000_000
const request: ClusterRequest = {
  cluster: 'a',
  workers: 2,
  threads: null,
  endsAt: now + 60_000,
  idleExitSeconds: 600,
  maxLifetimeSeconds: 3600,
  maxPricePerHour: 0.5,
  price: { perHour: 0.12, currency: 'USD' },
}
const outputs: ClusterOutputs = {
  cluster: 'a',
  target: 'local',
  redisUrl: 'redis://127.0.0.1:6380',
  redisPasswordFile: null,
  workers: [{ name: 'worker-1', place: 'here' }],
}
const up = (more: Partial<ClaimRequest> = {}): ClaimRequest => {
  return { cluster: 'a', target: 'local', change: 'up', request, holder: 'one', now, until: now + 1000, ...more }
}
const down = (more: Partial<ClaimRequest> = {}): ClaimRequest => up({ change: 'down', request: null, ...more })

/** The contract of ClusterStore as tests, over stores made by `open`. */
export function describeClusterStore(name: string, open: () => Promise<ClusterStoreFixture>): void {
  describe(`${name} keeps the promises of a cluster store`, () => {
    let fixture: ClusterStoreFixture
    let store: ClusterStore

    beforeEach(async () => {
      fixture = await open()
      store = fixture.store
    })
    afterEach(() => fixture.close())

    test('a cluster rises, is up with its outputs, falls and is down', async () => {
      const rising = await store.claim(up())
      const base = { name: 'a', target: 'local', request, since: now }
      const changing = { change: 'up', holder: 'one', until: now + 1000 }
      expect(await store.cluster('a')).toEqual({ ...base, phase: 'rising', outputs: null, changing })
      expect(await store.settle(rising, { up: outputs })).toBe(true)
      expect(await store.cluster('a')).toEqual({ ...base, phase: 'up', outputs, changing: null })
      const falling = await store.claim(down({ now: now + 5 }))
      expect(await store.cluster('a')).toMatchObject({ ...base, phase: 'falling', outputs })
      expect(await store.settle(falling, 'down')).toBe(true)
      expect(await store.list()).toEqual([{ ...base, phase: 'down', outputs: null, changing: null }])
      expect(await store.cluster('b')).toBeUndefined()
    })

    test('its life counts from when it was first asked for since it was last down', async () => {
      await store.settle(await store.claim(up()), { up: outputs })
      await store.settle(await store.claim(up({ now: now + 10 })), { up: outputs })
      expect(await store.cluster('a')).toMatchObject({ since: now })
      await store.settle(await store.claim(down({ now: now + 20 })), 'down')
      await store.claim(up({ now: now + 30 }))
      expect(await store.cluster('a')).toMatchObject({ since: now + 30 })
    })

    test('while one changes a cluster another is refused, until the claim lapses, is settled or its holder is dead', async () => {
      const first = await store.claim(up())
      const other = { holder: 'two', now: now + 500 }
      await expect(store.claim(up(other))).rejects.toMatchObject({
        code: 'CLUSTER_BUSY',
        details: { cluster: 'a', holder: 'one', change: 'up', seconds: 1 },
      })
      expect(await store.keep(first, now + 5000)).toBe(true)
      await expect(store.claim(up({ ...other, now: now + 1500 }))).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
      const second = await store.claim(up({ ...other, takeOverFrom: 'one' }))
      expect(await store.keep(first, now + 9000)).toBe(false)
      expect(await store.settle(first, { up: outputs })).toBe(false)
      expect(await store.cluster('a')).toMatchObject({ phase: 'rising', changing: { holder: 'two' } })
      await store.settle(second, 'down')
      expect(await store.settle(second, { up: outputs })).toBe(false)
      await store.claim(down({ holder: 'three' }))
      await expect(store.claim(down({ holder: 'four' }))).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
      await store.claim(down({ holder: 'four', now: now + 1000 }))
    })

    test('who takes a cluster down ends a claim to bring it up, never the other way', async () => {
      const rising = await store.claim(up())
      const falling = await store.claim(down({ holder: 'two' }))
      expect(await store.settle(rising, { up: outputs })).toBe(false)
      await expect(store.claim(up())).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
      expect(await store.settle(falling, 'down')).toBe(true)
    })

    test('many claims at once grant one', async () => {
      const tries = Array.from({ length: 8 }, (_, i) => store.claim(up({ holder: `h${i}` })))
      const ends = await Promise.allSettled(tries)
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    test('a cluster that is not down stays at its target', async () => {
      const claim = await store.claim(up())
      await expect(store.claim(down({ target: 'ssh', now: now + 9000 }))).rejects.toMatchObject({ code: 'USAGE' })
      await store.settle(claim, 'down')
      await store.claim(up({ target: 'ssh' }))
      expect(await store.cluster('a')).toMatchObject({ target: 'ssh' })
    })
  })
}
