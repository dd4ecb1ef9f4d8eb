import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import type { Rental } from '#core/protocol'
import { identify } from '#platform/processes'
import { until } from '../../../test/cluster/testing/until.ts'
import { ensureGuard } from '../guard-process.ts'
import { MemorySite } from '../testing/index.ts'
import { TermRenewal } from '../term-renewal.ts'

const minute = 60_000
const start = 1_700_000_000_000
const worker = 'blue/worker-1#1'

describe('who works with a cluster', () => {
  let site: MemorySite
  let guard: Rental
  let renewals: TermRenewal[]

  beforeEach(async () => {
    site = new MemorySite()
    renewals = []
    guard = (await site.book('blue', 30 * minute, start))[0]!
    await ensureGuard(site, guard)
    jest.useFakeTimers({ now: start, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] })
  })
  afterEach(async () => {
    jest.useRealTimers()
    for (const renewal of renewals) await renewal.stop()
    await site.close()
  })

  /** Renews to half an hour from each renewal, until `latest` minutes from the start. */
  const renew = (latest = 24 * 60): TermRenewal => {
    const renewal = new TermRenewal({ cluster: 'blue', termMs: 30 * minute, latest: start + latest * minute }, site)
    renewals.push(renewal)
    return renewal
  }
  /** Minutes from the start until the term of the worker is over. */
  const end = async () => ((await site.books.ledger.rental(worker))!.endsAt - start) / minute
  const killGuard = async (): Promise<void> => {
    const pid = (await site.guardPid(guard.id))!
    process.kill(pid, 'SIGKILL')
    await until('the end of the guard', () => Promise.resolve(identify(pid) === null))
  }
  const pass = (minutes: number) => jest.advanceTimersByTimeAsync(minutes * minute)

  test('moves the end of its term on after every third of it, of everything in it, and tells the target', async () => {
    const renewal = renew()
    await pass(9)
    expect(await end()).toBe(30)
    await pass(1)
    expect(await end()).toBe(40)
    await pass(20)
    expect(await end()).toBe(60)
    expect(renewal.endsAt).toBe(start + 60 * minute)
    const open = await site.books.ledger.list({ cluster: 'blue', open: true })
    expect(open.map(({ endsAt }) => (endsAt - start) / minute)).toEqual([60, 60, 60])
    expect(site.target.calls).toEqual([40, 50, 60].map((at) => `renewed blue ${start + at * minute}`))
    expect(renewal.signal.aborted).toBe(false)
  })

  test('never moves it past the life of the cluster, and is told when that is over', async () => {
    const renewal = renew(45)
    await pass(20)
    expect(await end()).toBe(45)
    await pass(20)
    expect([await end(), renewal.signal.aborted]).toEqual([45, false])
    await pass(10)
    expect(await end()).toBe(45)
    expect(renewal.signal.reason).toMatchObject({ code: 'CLUSTER_NOT_UP', details: { reason: 'its term is over' } })
  })

  test('is told when somebody has taken the cluster down', async () => {
    const renewal = renew()
    for (const id of await site.open('blue')) await site.books.ledger.ended(id, 'cluster down', start)
    await pass(10)
    const reason = 'somebody has taken it down'
    expect(renewal.signal.reason).toMatchObject({ code: 'CLUSTER_NOT_UP', details: { cluster: 'blue', reason } })
    expect(await site.books.ledger.rental(worker)).toMatchObject({ endsAt: start + 30 * minute })
    expect(site.target.calls).toEqual([])
  })

  test('says that the database is away, goes on, and renews when it is back', async () => {
    const renewal = renew()
    site.books.isAway = true
    await pass(10)
    expect(site.notes).toEqual([expect.stringMatching(/^the term of cluster blue could not be renewed: .*it is away/)])
    expect([await end(), renewal.signal.aborted]).toEqual([30, false])
    site.books.isAway = false
    await pass(10)
    expect([await end(), renewal.signal.aborted]).toEqual([50, false])
  })

  test('does not revive a term that ran out while the database was away', async () => {
    const renewal = renew()
    site.books.isAway = true
    await pass(25)
    site.books.isAway = false
    await pass(5)
    expect([await end(), renewal.signal.aborted]).toEqual([30, true])
  })

  test('moves the term on although a target cannot be told, and says so', async () => {
    const away = new BullpenError('TARGET_UNREACHABLE', { target: 'aws', place: 'the cloud', reason: 'no route' })
    site.target.before('renewed', () => Promise.reject(away))
    const renewal = renew()
    await renewal.renew()
    expect(site.notes).toEqual([expect.stringContaining('no route')])
    await pass(10)
    expect(await end()).toBe(40)
    expect(site.target.calls).toHaveLength(2)
  })

  test('starts another guard in place of one that was killed, and leaves one that lives', async () => {
    jest.useRealTimers()
    const first = (await site.guardPid(guard.id))!
    const renewal = renew()
    await site.books.ledger.renew('blue', { now: start, endsAt: Date.now() + 60 * minute })
    await renewal.guard(guard)
    expect(await site.guardPid(guard.id)).toBe(first)
    await killGuard()
    await renewal.renew()
    await renewal.stop()
    const second = (await site.guardPid(guard.id))!
    expect(second).not.toBe(first)
    expect(identify(second)).not.toBeNull()
  })

  test('says why a guard does not start, and moves the term on all the same', async () => {
    jest.useRealTimers()
    await killGuard()
    writeFileSync(join(site.home, 'broken'), '')
    await site.books.ledger.renew('blue', { now: start, endsAt: Date.now() + 30 * minute })
    const renewal = renew(Infinity)
    await renewal.renew()
    await renewal.stop()
    expect(site.notes).toEqual([expect.stringMatching(/could not be renewed: .*status 1: this guard is broken/)])
    expect([renewal.signal.aborted, renewal.endsAt > Date.now()]).toEqual([false, true])
  })

  test('renews nothing any more once it has stopped', async () => {
    const renewal = renew()
    await renewal.stop()
    await pass(40)
    expect([await end(), site.target.calls]).toEqual([30, []])
  })
})
