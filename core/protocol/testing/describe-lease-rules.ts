import { expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { fails, ok, ttlMs, type LedgerTools } from './ledger-tools.ts'

const crash = new BullpenError('WORKER_CRASHED', { task: 'run/a', reason: 'test' })
const cancelled = { ok: false, error: { code: 'TASK_CANCELLED' } }

/** How leases lapse, are fenced, given back and cancelled. */
export function describeLeaseRules(tools: () => LedgerTools): void {
  test('a report with a token that was never lent, or no token at all, is fenced', async () => {
    const { ledger, add, leaseOne } = tools()
    await add(['a'])
    const lease = await leaseOne('a')
    const stranger = { ...lease, token: '7f3f4b0e-0000-4000-8000-000000000000' }
    expect(await ledger.report([ok(stranger), ok({ ...lease, token: 'x' }), ok(lease)])).toEqual([
      'fenced',
      'fenced',
      'finished',
    ])
    expect(await ledger.report([])).toEqual([])
  })

  test('a worker cut off past its lease cannot write once another has the task, nor before', async () => {
    const { ledger, add, leaseOne, pass } = tools()
    await add(['a'], { attempts: 2 })
    const early = await leaseOne('a', 'cut-off')
    await pass(ttlMs + 1)
    expect(await ledger.expire()).toEqual([])
    expect(await ledger.report([ok(early, 1)])).toEqual(['fenced'])
    const late = await leaseOne('a', 'healthy')
    expect(late).toMatchObject({ attempt: 2 })
    expect(await ledger.report([ok(early, 1)])).toEqual(['fenced'])
    expect(await ledger.renew([early.token, late.token], ttlMs)).toEqual({ lost: [early.token], cancelled: [] })
    expect(await ledger.report([ok(late, 2)])).toEqual(['finished'])
    expect(await ledger.report([ok(early, 1)])).toEqual(['fenced'])
    expect(await ledger.outcomes('run', ['run/a'])).toMatchObject([{ worker: 'healthy', result: { rows: 2 } }])
  })

  test('a lease that lapsed but was not ended is still the current one', async () => {
    const { ledger, add, lease, leaseOne, pass } = tools()
    await add(['a', 'b'])
    const [a, b] = await lease(['a', 'b'])
    await pass(ttlMs + 1)
    expect(await lease(['a'], 'w2')).toEqual([])
    expect(await ledger.report([ok(a!)])).toEqual(['finished'])
    expect(await ledger.renew([b!.token], ttlMs)).toEqual({ lost: [], cancelled: [] })
    expect(await ledger.expire()).toEqual([])
    await expect(leaseOne('b', 'w2')).rejects.toThrow('no lease')
  })

  test('a renewed lease outlives its first term', async () => {
    const { ledger, add, leaseOne, pass } = tools()
    await add(['a'])
    const lease = await leaseOne('a')
    for (let term = 0; term < 3; term++) {
      await pass(ttlMs - 5000)
      expect(await ledger.renew([lease.token], ttlMs)).toEqual({ lost: [], cancelled: [] })
      expect(await ledger.expire()).toEqual([])
    }
    expect(await ledger.report([ok(lease)])).toEqual(['finished'])
  })

  test('an error that may pass is tried again while attempts are left', async () => {
    const { ledger, add, leaseOne } = tools()
    await add(['a'], { attempts: 2 })
    expect(await ledger.report([fails(await leaseOne('a'), crash)])).toEqual(['retry'])
    expect(await ledger.finished('run')).toEqual([])
    const second = await leaseOne('a', 'w2')
    expect(second.attempt).toBe(2)
    expect(await ledger.report([fails(second, crash)])).toEqual(['finished'])
    expect(await ledger.outcomes('run', ['run/a'])).toMatchObject([
      { ok: false, attempts: 2, worker: 'w2', error: { code: 'WORKER_CRASHED', details: { reason: 'test' } } },
    ])
  })

  test('an error that cannot pass ends the task at once', async () => {
    const { ledger, add, leaseOne } = tools()
    await add(['a'], { attempts: 3 })
    expect(await ledger.report([fails(await leaseOne('a'), new BullpenError('ONE_CLASS'))])).toEqual(['finished'])
  })

  test('reporting again answers as before and changes nothing', async () => {
    const { ledger, add, lease, leaseOne } = tools()
    await add(['a', 'b'], { attempts: 2 })
    const [a, b] = await lease(['a', 'b'])
    const reports = [ok(a!, 1), fails(b!, crash)]
    expect(await ledger.report(reports)).toEqual(['finished', 'retry'])
    expect(await ledger.report([ok(a!, 2), ...reports])).toEqual(['finished', 'finished', 'retry'])
    expect(await ledger.outcomes('run', ['run/a'])).toMatchObject([{ result: { rows: 1 } }])
    expect((await leaseOne('b')).attempt).toBe(2)
    expect(await ledger.report([fails(b!, crash)])).toEqual(['fenced'])
  })

  test('the same report twice in one call counts once', async () => {
    const { ledger, add, leaseOne } = tools()
    await add(['a'], { attempts: 3 })
    const lease = await leaseOne('a')
    expect(await ledger.report([fails(lease, crash), fails(lease, crash)])).toEqual(['retry', 'retry'])
    expect((await leaseOne('a')).attempt).toBe(2)
  })

  test('a released lease counts neither as attempt nor as lost worker, and its token is void', async () => {
    const { ledger, add, leaseOne } = tools()
    await add(['a'])
    for (let round = 0; round < 5; round++) {
      const lease = await leaseOne('a')
      expect(lease).toMatchObject({ attempt: 1, alone: false })
      await ledger.release([lease.token, 'x'])
      await ledger.release([lease.token])
      expect(await ledger.report([ok(lease)])).toEqual(['fenced'])
    }
  })

  test('a worker lost on the last attempt ends the task with WORKER_LOST', async () => {
    const { ledger, add, leaseOne, pass } = tools()
    await add(['a'], { attempts: 2 })
    expect(await ledger.report([fails(await leaseOne('a'), crash)])).toEqual(['retry'])
    await leaseOne('a', 'gone')
    await pass(ttlMs + 1)
    expect(await ledger.expire()).toEqual([{ id: 'run/a', runId: 'run' }])
    expect(await ledger.expire()).toEqual([])
    expect(await ledger.finished('run', 1000)).toEqual(['run/a'])
    expect(await ledger.outcomes('run', ['run/a'])).toMatchObject([
      { ok: false, attempts: 2, worker: 'gone', error: { code: 'WORKER_LOST', details: { worker: 'gone' } } },
    ])
  })

  test('several processes may end lapsed leases at once, each task is ended by one', async () => {
    const { ledger, add, lease, pass } = tools()
    const keys = Array.from({ length: 50 }, (_, i) => `t${i}`)
    await add(keys)
    await lease(keys)
    await pass(ttlMs + 1)
    const ended = (await Promise.all([1, 2, 3, 4].map(() => ledger.expire()))).flat()
    expect(ended.map(({ id }) => id).sort()).toEqual(keys.map((key) => `run/${key}`).sort())
  })

  test('cancel ends what waits and tells workers of what runs; other runs go on', async () => {
    const { ledger, add, leaseOne, lease } = tools()
    await add(['runs', 'waits', 'tried'], { attempts: 3 })
    await ledger.report([fails(await leaseOne('tried'), crash)])
    const running = await leaseOne('runs')
    expect([...(await ledger.cancel('run', 'abort'))].sort()).toEqual(['run/tried', 'run/waits'])
    expect(await ledger.cancel('run', 'abort')).toEqual([])
    expect(await ledger.outcomes('run', ['run/waits', 'run/tried'])).toMatchObject([
      { key: 'waits', attempts: 0, worker: '', ...cancelled },
      { key: 'tried', attempts: 1, worker: 'w1', ...cancelled },
    ])
    expect(await lease(['waits', 'tried'])).toEqual([])
    expect(await ledger.renew([running.token], ttlMs)).toEqual({ lost: [], cancelled: [running.token] })
    expect(await ledger.report([fails(running, crash)])).toEqual(['finished'])
  })

  test('cancel may let what runs finish, but not try again', async () => {
    const { ledger, add, lease, pass } = tools()
    await add(['good', 'bad', 'back', 'lost'], { attempts: 3 })
    const [good, bad, back, lost] = await lease(['good', 'bad', 'back', 'lost'])
    expect(await ledger.cancel('run', 'finish')).toEqual([])
    const tokens = [good!.token, bad!.token, back!.token, lost!.token]
    expect(await ledger.renew(tokens, ttlMs)).toEqual({ lost: [], cancelled: [] })
    expect(await ledger.report([ok(good!), fails(bad!, crash)])).toEqual(['finished', 'finished'])
    await ledger.release([back!.token])
    await pass(ttlMs + 1)
    expect(await ledger.expire()).toEqual([{ id: 'run/lost', runId: 'run' }])
    expect(await ledger.outcomes('run', ['run/good', 'run/bad', 'run/back', 'run/lost'])).toMatchObject([
      { ok: true },
      { ok: false, error: { code: 'WORKER_CRASHED' } },
      { attempts: 0, ...cancelled },
      { attempts: 1, ...cancelled },
    ])
  })
}
