import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '#core/random'
import { ok, route, ttlMs, type LedgerTools } from './ledger-tools.ts'
import { exampleTask } from './example-tasks.ts'

/** Tasks of which some kill whoever runs them, and workers that each draw a share of them in every round. */
const story = fc.record({
  tasks: fc.integer({ min: 1, max: 20 }),
  killerShare: fc.constantFrom(0.1, 0.5, 0.8),
  drawnShare: fc.constantFrom(0.1, 0.2, 0.5, 0.9),
  workers: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer(),
})

/** Who is blamed for a lost worker. */
export function describeSuspects(tools: () => LedgerTools, numRuns: number): void {
  /** Lets a worker take tasks and die with them. */
  const loseWith = async (keys: readonly string[], worker: string) => {
    const taken = await tools().lease(keys, worker)
    await tools().pass(ttlMs + 1)
    await tools().ledger.expire()
    return taken.map(({ task }) => task.key)
  }

  test('a task that lost three workers is quarantined, with their names', async () => {
    const { ledger, add, lease } = tools()
    await add(['a'], { attempts: 10 })
    for (const worker of ['w1', 'w2', 'w3']) expect(await loseWith(['a'], worker)).toEqual(['a'])
    expect(await lease(['a'], 'w4')).toEqual([])
    expect(await ledger.outcomes('run', ['run/a'])).toMatchObject([
      { ok: false, attempts: 3, worker: 'w3', error: { code: 'TASK_QUARANTINED', retryable: false } },
    ])
    const [outcome] = await ledger.outcomes('run', ['run/a'])
    expect(outcome).toMatchObject({ error: { details: { task: 'run/a', times: 3, workers: 'w1, w2, w3' } } })
  })

  test('a worker holds one suspect at a time, beside others', async () => {
    const { ledger, add, lease, leaseOne } = tools()
    await add(['a', 'b', 'c'], { attempts: 10 })
    expect(await loseWith(['a', 'b'], 'w1')).toEqual(['a', 'b'])
    expect((await ledger.waiting(route, { olderThanMs: 0, limit: 9 })).map(({ suspect }) => suspect)).toEqual([
      true,
      true,
      false,
    ])
    expect((await lease(['b', 'a', 'c'], 'w2')).map(({ task }) => task.key)).toEqual(['b', 'c'])
    expect(await lease(['a'], 'w2')).toEqual([])
    await leaseOne('a', 'w3')
  })

  test('a suspect that ended makes room for the next', async () => {
    const { ledger, add, lease, leaseOne } = tools()
    await add(['a', 'b'], { attempts: 10 })
    await loseWith(['a', 'b'], 'w1')
    const [a] = await lease(['a', 'b'], 'w2')
    await ledger.report([ok(a!)])
    expect((await leaseOne('b', 'w2')).attempt).toBe(2)
  })

  test('a task that lost two workers runs alone', async () => {
    const { ledger, add, lease, leaseOne } = tools()
    await add(['a', 'b', 'c'], { attempts: 10 })
    await loseWith(['a'], 'w1')
    await loseWith(['a'], 'w2')
    expect((await lease(['b', 'a'], 'w3')).map(({ task }) => task.key)).toEqual(['b'])
    expect(await lease(['a'], 'w3')).toEqual([])
    const [a, ...others] = await lease(['a', 'c'], 'w4')
    expect([a?.task.key, a?.alone, others]).toEqual(['a', true, []])
    expect(await lease(['c'], 'w4')).toEqual([])
    await ledger.report([ok(a!)])
    await leaseOne('c', 'w4')
  })

  test('calls of one worker at the same time get one suspect between them', async () => {
    const { add, lease } = tools()
    const keys = ['a', 'b', 'c', 'd', 'e', 'f']
    await add(keys, { attempts: 10 })
    await loseWith(keys, 'w1')
    const granted = await Promise.all(keys.map((key) => lease([key], 'w2')))
    expect(granted.flat()).toHaveLength(1)
  })

  test('whatever kills, and whoever runs beside it: killers are quarantined after three workers, nobody else is', async () => {
    let set = 0
    await fc.assert(
      fc.asyncProperty(story, async ({ tasks: count, killerShare, drawnShare, workers, seed }) => {
        const { ledger, pass } = tools()
        const runId = `random-${set++}`
        const random = Random.of(seed, 'suspects')
        const killers = Array.from({ length: count }, () => random.uniform() < killerShare)
        const tasks = killers.map((_, i) => exampleTask(runId, String(i), { attempts: 100 }))
        const losses = killers.map(() => 0)
        await ledger.add(tasks, route)
        for (let round = 0; (await ledger.finished(runId)).length < tasks.length; round++) {
          expect(round).toBeLessThan(1000)
          for (let w = 0; w < workers; w++) {
            // A worker that died is replaced by one of another name.
            const worker = `${runId}-${round}-${w}`
            const wanted = tasks.filter(() => random.uniform() < drawnShare).sort(() => random.uniform() - 0.5)
            const leases = await ledger.lease({ ids: wanted.map(({ id }) => id), route, worker, ttlMs })
            const isDeadly = leases.some(({ task }) => killers[Number(task.key)])
            if (isDeadly) leases.forEach(({ task }) => (losses[Number(task.key)]! += 1))
            else await ledger.report(leases.map((lease) => ok(lease)))
          }
          await pass(ttlMs + 1)
          await ledger.expire()
        }
        const outcomes = await ledger.outcomes(
          runId,
          tasks.map(({ id }) => id),
        )
        for (const outcome of outcomes) {
          const isKiller = killers[Number(outcome.key)]!
          expect(outcome.ok).toBe(!isKiller)
          if (!outcome.ok) expect(outcome.error).toMatchObject({ code: 'TASK_QUARANTINED', details: { times: 3 } })
          if (isKiller) expect(losses[Number(outcome.key)]).toBe(3)
          else expect(losses[Number(outcome.key)]).toBeLessThanOrEqual(2)
        }
        await ledger.forget(runId)
      }),
      { numRuns },
    )
  })
}
