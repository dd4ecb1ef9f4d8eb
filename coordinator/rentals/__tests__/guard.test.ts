import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { until } from '../../../test/cluster/testing/until.ts'
import { guardCluster } from '../guard.ts'
import { readKeeperFile } from '../keeper-file.ts'
import { MemorySite } from '../testing/index.ts'

const id = 'blue/guard#1'

describe('a guard', () => {
  let site: MemorySite
  let folder: string
  let told: AbortController

  beforeEach(() => {
    site = new MemorySite()
    folder = join(site.home, 'guards', 'blue.guard#1')
    told = new AbortController()
    for (const name of ['redis', 'worker-1']) site.target.put(`blue/${name}#1`, 'process')
  })
  afterEach(async () => {
    told.abort()
    await site.close()
  })

  const guard = (more: { readonly id?: string; readonly cluster?: string } = {}): Promise<string> => {
    return guardCluster({ cluster: 'blue', id, folder, pollMs: 20, signal: told.signal, ...more }, site)
  }
  const isWatching = () => {
    return until('a guard that watches', async () => (await site.books.ledger.rental(id))!.startedAt !== null)
  }
  const downs = () => site.target.calls.filter((call) => call === 'down blue').length

  test('takes the cluster down when its term is over, not before, and leaves', async () => {
    const [rental] = await site.book('blue', 400)
    const guarding = guard()
    await isWatching()
    expect(await readKeeperFile(folder)).toMatchObject({ id, pid: process.pid, endsAt: rental!.endsAt })
    expect(await guarding).toBe('its term was over')
    expect([site.target.things, await site.open('blue'), existsSync(folder)]).toEqual([[], [], false])
    const ended = (await site.books.ledger.rental('blue/worker-1#1'))!
    expect(ended.endedAt).toBeGreaterThanOrEqual(rental!.endsAt)
    expect(await site.record('blue')).toMatchObject({ phase: 'down' })
  })

  test('takes it down at once when it is told to stop', async () => {
    await site.book('blue', 3_600_000)
    const guarding = guard()
    await isWatching()
    told.abort()
    expect(await guarding).toBe('its guard was told to stop')
    expect([site.target.things, await site.open('blue')]).toEqual([[], []])
  })

  test('leaves, and touches nothing, when somebody else has taken the cluster down', async () => {
    await site.book('blue', 3_600_000)
    const guarding = guard()
    await isWatching()
    for (const rental of await site.open('blue')) await site.books.ledger.ended(rental, 'cluster down', Date.now())
    expect(await guarding).toBe('the ledger said that it had ended: cluster down')
    expect([downs(), existsSync(folder)]).toEqual([0, false])
  })

  test('leaves, and touches nothing, when it is told to stop by who has taken the cluster down', async () => {
    await site.book('blue', 3_600_000)
    const guarding = guard()
    await isWatching()
    for (const rental of await site.open('blue')) await site.books.ledger.ended(rental, 'cluster down', Date.now())
    told.abort()
    await guarding
    expect(downs()).toBe(0)
  })

  test('ends everything although the database is away, and writes it down when it is back', async () => {
    await site.book('blue', 400)
    const guarding = guard()
    await isWatching()
    site.books.isAway = true
    await until('the end of it all', () => Promise.resolve(site.target.things.length === 0))
    expect(await site.open('blue')).toHaveLength(3)
    site.books.isAway = false
    expect(await guarding).toBe('its term was over')
    expect(await site.open('blue')).toEqual([])
  })

  test('goes on until the target has ended everything', async () => {
    await site.book('blue', 0)
    const reason = { target: 'local', place: 'here', reason: 'no route' }
    site.target.before('down', () => Promise.reject(new BullpenError('TARGET_UNREACHABLE', reason)))
    await guard()
    expect([downs(), site.target.things, await site.open('blue')]).toEqual([2, [], []])
  })

  test('guards nothing under a rental that is not an open one of the cluster', async () => {
    await site.book('blue', 3_600_000)
    await site.book('green', 3_600_000)
    await expect(guard({ id: 'blue/guard#7' })).rejects.toMatchObject({ code: 'RENTAL_OVER' })
    await expect(guard({ id: 'green/guard#1' })).rejects.toMatchObject({ code: 'RENTAL_OVER' })
    await site.books.ledger.ended(id, 'cluster down', Date.now())
    await expect(guard()).rejects.toMatchObject({ code: 'RENTAL_OVER' })
    expect([downs(), existsSync(folder)]).toEqual([0, false])
  })
})
