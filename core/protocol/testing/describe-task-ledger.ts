import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { ownRoute } from '../route.ts'
import type { AttemptReport, TaskLease, TaskLedger } from '../task-ledger.ts'
import { describeLeaseRules } from './describe-lease-rules.ts'
import { describeSuspects } from './describe-suspects.ts'
import { exampleResult, exampleTask } from './example-tasks.ts'
import { fails, ok, route, toolsOf, ttlMs, type LedgerTools, type TaskLedgerFixture } from './ledger-tools.ts'

const minute = { olderThanMs: 60_000, limit: 100 }
const all = { olderThanMs: 0, limit: 100 }

/** The contract of TaskLedger as tests, over ledgers made by `open`. */
export function describeTaskLedger(
  name: string,
  open: () => Promise<TaskLedgerFixture>,
  { randomRuns = 200 }: { readonly randomRuns?: number } = {},
): void {
  describe(`${name} keeps the promises of a task ledger`, () => {
    let tools: LedgerTools
    let ledger: TaskLedger

    beforeEach(async () => {
      tools = toolsOf(await open())
      ledger = tools.ledger
    })
    afterEach(() => tools.close())

    test('adding answers the ids that were not known, in order, each once', async () => {
      expect(await tools.add(['b', 'a', 'b'])).toEqual(['run/b', 'run/a'])
      expect(await tools.add(['c', 'a'])).toEqual(['run/c'])
      expect(await ledger.add([], route)).toEqual([])
    })

    test('a known id with another payload is refused, and nothing of that call is added', async () => {
      await tools.add(['a'])
      const other = exampleTask('run', 'a', { payload: { ...exampleTask('run', 'a').payload, featureSet: 'other' } })
      const fresh = exampleTask('run', 'b')
      const invalid = { code: 'TASK_INVALID', details: { task: 'run/a', part: 'payload' } }
      await expect(ledger.add([fresh, other], route)).rejects.toMatchObject(invalid)
      await expect(ledger.add([fresh, exampleTask('run', 'a', { priority: 9 })], route)).resolves.toEqual(['run/b'])
      const twice = exampleTask('run', 'c', { payload: other.payload })
      await expect(ledger.add([exampleTask('run', 'c'), twice], route)).rejects.toMatchObject({ code: 'TASK_INVALID' })
    })

    test('a lease carries the task as it was added', async () => {
      const task = exampleTask('run', 'a/b', { attempts: 3, priority: -1.5 })
      await ledger.add([task], route)
      const [lease] = await tools.lease(['a/b'])
      expect(lease).toEqual({ task, attempt: 1, token: expect.any(String) as unknown, alone: false })
    })

    test('leases are granted in the order asked, each task to one worker, unknown ids and other routes left out', async () => {
      await tools.add(['a', 'b', 'c'])
      const first = await tools.lease(['c', 'nobody', 'a', 'c'])
      expect(first.map(({ task }) => task.key)).toEqual(['c', 'a'])
      expect(new Set(first.map(({ token }) => token)).size).toBe(2)
      const second = await tools.lease(['a', 'b', 'c'], 'w2')
      expect(second.map(({ task }) => task.key)).toEqual(['b'])
      await ledger.add([exampleTask('other', 'd')], ownRoute('elsewhere'))
      expect(await ledger.lease({ ids: ['other/d', 'no slash'], route, worker: 'w1', ttlMs })).toEqual([])
    })

    test('many workers asking at once never share a task', async () => {
      const keys = Array.from({ length: 200 }, (_, i) => `t${i}`)
      await tools.add(keys)
      const orders = [keys, [...keys].reverse(), keys.slice(50), keys.slice(0, 150).reverse()]
      const leases = (await Promise.all(orders.map((order, i) => tools.lease(order, `w${i}`)))).flat()
      expect(leases).toHaveLength(200)
      expect(new Set(leases.map(({ task }) => task.id)).size).toBe(200)
      const verdicts = await Promise.all([ledger.report(leases.map((lease) => ok(lease))), ledger.expire()])
      expect(new Set(verdicts[0])).toEqual(new Set(['finished']))
    })

    test('an accepted result ends the task, and its outcome says who and when', async () => {
      await tools.add(['a'])
      const lease = await tools.leaseOne('a')
      expect(await ledger.report([ok(lease, 7)])).toEqual(['finished'])
      const about = { id: 'run/a', runId: 'run', key: 'a', name: 'features', attempts: 1, worker: 'w1' }
      expect(await ledger.outcomes('run', ['run/a', 'run/b', 'x'])).toEqual([
        { ...about, startedAt: 1000, finishedAt: 1500, ok: true, result: exampleResult(7) },
      ])
      expect(await ledger.outcomes('other', ['run/a'])).toEqual([])
      expect(await ledger.finished('run')).toEqual(['run/a'])
      expect(await tools.lease(['a'])).toEqual([])
      expect(await tools.add(['a'])).toEqual([])
    })

    test('the result of a run that the run store knows is in its record, and the outcome says so', async () => {
      await tools.runs.create('run', {})
      await tools.add(['a', 'b', 'c'])
      await tools.runs.recordTask('run', 'c', exampleResult(3))
      const leases = await tools.lease(['a', 'b', 'c'])
      const [a, b, c] = leases as [TaskLease, TaskLease, TaskLease]
      await ledger.report([ok(a, 1), fails(b, new BullpenError('ONE_CLASS')), ok(c, 3)])
      const outcomes = await ledger.outcomes('run', ['run/a', 'run/b', 'run/c'])
      const recorded = new Map(outcomes.map((outcome) => [outcome.key, outcome.recorded]))
      expect(recorded).toEqual(new Map(Object.entries({ a: true, b: undefined, c: true })))
      expect(await tools.runs.taskResults('run')).toEqual(
        new Map([
          ['a', exampleResult(1)],
          ['c', exampleResult(3)],
        ]),
      )
    })

    test('a result that does not fit its schema ends the task as a failure and is not recorded', async () => {
      await tools.runs.create('run', {})
      await tools.add(['a'], { attempts: 3 })
      const lease = await tools.leaseOne('a')
      const wrong = { ...ok(lease), result: { rows: 'many' } } as AttemptReport
      expect(await ledger.report([wrong])).toEqual(['finished'])
      expect(await ledger.outcomes('run', ['run/a'])).toMatchObject([{ ok: false, error: { code: 'TASK_INVALID' } }])
      expect(await tools.runs.taskResults('run')).toEqual(new Map())
    })

    test('finished ids come oldest first, and only those of the time asked for', async () => {
      await tools.add(['a', 'b', 'c'])
      for (const key of ['b', 'a', 'c']) {
        await ledger.report([ok(await tools.leaseOne(key))])
        await tools.pass(10_000)
      }
      expect(await ledger.finished('run')).toEqual(['run/b', 'run/a', 'run/c'])
      expect(await ledger.finished('run', 25_000)).toEqual(['run/a', 'run/c'])
      expect(await ledger.finished('other')).toEqual([])
    })

    test('waiting tasks are told best first, once in a while, and those that come back at once', async () => {
      await tools.add(['low', 'first', 'second'])
      await ledger.add([exampleTask('run', 'high', { priority: 5 })], route)
      expect(await ledger.waiting(route, minute)).toEqual([])
      await tools.pass(60_001)
      const told = await ledger.waiting(route, { ...minute, limit: 3 })
      expect(told.map(({ id }) => id)).toEqual(['run/high', 'run/low', 'run/first'])
      expect(told[0]).toEqual({
        ...{ id: 'run/high', runId: 'run', kind: 'features', priority: 5 },
        ...{ attempts: 0, suspect: false },
      })
      expect((await ledger.waiting(route, minute)).map(({ id }) => id)).toEqual(['run/second'])
      await ledger.release([(await tools.leaseOne('first')).token])
      expect((await ledger.waiting(route, minute)).map(({ id }) => id)).toEqual(['run/first'])
      await tools.leaseOne('high')
      expect((await ledger.waiting(route, all)).map(({ id }) => id)).toEqual(['run/low', 'run/first', 'run/second'])
      expect(await ledger.waiting(ownRoute('elsewhere'), all)).toEqual([])
    })

    test('load, leased tasks and mean durations are told for people', async () => {
      await tools.add(['a', 'b', 'c', 'd'])
      expect((await ledger.meanDurations()).size).toBe(0)
      const [a, b] = (await tools.lease(['a', 'b'])) as [TaskLease, TaskLease]
      expect(await ledger.leased()).toMatchObject([{ id: 'run/a', meanMs: null }, { id: 'run/b' }])
      await ledger.report([ok(a), { ...ok(b), finishedAt: 2500 }])
      const c = await tools.leaseOne('c', 'w2')
      expect(await ledger.meanDurations()).toEqual(new Map([['features', 1000]]))
      expect(await ledger.load()).toEqual([{ route, waiting: 1, leased: 1, finishedLastMinute: 2 }])
      expect(await ledger.leased()).toEqual([
        {
          ...{ id: 'run/c', runId: 'run', kind: 'features', worker: 'w2', attempt: c.attempt },
          ...{ leasedAt: expect.any(Number) as unknown, meanMs: 1000 },
        },
      ])
      await tools.pass(60_001)
      expect(await ledger.load()).toEqual([{ route, waiting: 1, leased: 1, finishedLastMinute: 0 }])
    })

    test('reopening drops failures, lets their ids be added anew and lifts cancellation', async () => {
      await tools.add(['good', 'bad', 'running', 'waits'], { attempts: 1 })
      const [good, bad, running] = await tools.lease(['good', 'bad', 'running'])
      await ledger.report([ok(good!), fails(bad!, new BullpenError('ONE_CLASS'))])
      await ledger.cancel('run', 'abort')
      await ledger.reopen('run')
      expect(await ledger.finished('run')).toEqual(['run/good'])
      expect(await ledger.renew([running!.token], ttlMs)).toEqual({ lost: [], cancelled: [] })
      expect(await tools.add(['good', 'bad', 'running', 'waits'])).toEqual(['run/bad', 'run/waits'])
      // Its worker had heard of the cancellation before it was lifted: the attempt does not count.
      const aborted = fails(running!, new BullpenError('TASK_CANCELLED', { task: 'run/running' }))
      expect(await ledger.report([aborted])).toEqual(['retry'])
      expect(await tools.leaseOne('running')).toMatchObject({ attempt: 1 })
    })

    test('a forgotten run is unknown, its leases are void and its ids free', async () => {
      await tools.add(['a', 'b'])
      await ledger.add([exampleTask('other', 'a')], route)
      const lease = await tools.leaseOne('a')
      await ledger.forget('run')
      expect(await ledger.report([ok(lease)])).toEqual(['fenced'])
      expect(await ledger.renew([lease.token], ttlMs)).toEqual({ lost: [lease.token], cancelled: [] })
      expect((await ledger.waiting(route, all)).map(({ id }) => id)).toEqual(['other/a'])
      expect(await tools.add(['a'])).toEqual(['run/a'])
    })

    describeLeaseRules(() => tools)
    describeSuspects(() => tools, randomRuns)
  })
}
