import { describe, expect, test } from '@jest/globals'
import { costOf, hourlyRate } from '#core/cost'
import type { AgentFacts, HourlyPrice, RentalLedger, Route } from '#core/protocol'
import type { Run, TrialRecord } from '#core/registry'
import { MemoryFleet, MemoryRentalLedger } from '#platform/memory'
import { knownCostOf, paidFor, Purse } from '../index.ts'

/** A dollar a second. */
const usd: HourlyPrice = { perHour: 3600, currency: 'USD' }
const route = 'train/native-2.1.0/1/reference' as Route

interface PurseSetting {
  readonly teardownSeconds?: number
  readonly workerPrice?: HourlyPrice | null
}

/** A purse with a clock of its own. */
function purse(budget: number | undefined, { teardownSeconds = 0, workerPrice = usd }: PurseSetting = {}) {
  const time = { now: 1_000_000 }
  const now = () => time.now
  const rentals = new MemoryRentalLedger()
  const fleet = new MemoryFleet(now)
  const notes: string[] = []
  const note = (text: string) => void notes.push(text)
  const options = { budget, workerPrice, teardownSeconds, sources: { rentals, fleet }, now, note }
  return { time, rentals, fleet, notes, money: new Purse(options) }
}

const agent = (id: string, host: string): AgentFacts => {
  const size = { pid: 1, threads: 2, cores: 2, memoryBytes: 1e9, engine: '', versions: {} }
  return { id, host, route, price: usd, ...size }
}

describe('a purse', () => {
  test('pays a machine that several runs have in common once, from the first of them on', async () => {
    const { time, money } = purse(1000)
    const first = await money.join({ runId: 'a', route: null, earlier: [] })
    time.now += 100_000
    const second = await money.join({ runId: 'b', route: null, earlier: [] })
    time.now += 50_000
    expect(second.limit!.spending()).toMatchObject({ budget: 1000, spent: 150, perHour: 3600 })
    expect(second.limit).toBe(first.limit)
    expect([first.elapsedSeconds(), second.elapsedSeconds()]).toEqual([150, 50])
    expect((await first.cost([], 2))?.amounts).toEqual({ USD: 150 })
    expect((await second.cost([], 2))?.amounts).toEqual({ USD: 50 })
    await money.close()
  })

  test('pays of a run that was resumed all the times it was worked on, and not the time between', async () => {
    const { time, fleet, money } = purse(1000)
    await fleet.join(agent('1', 'host-1'), 1_000_000)
    const before = { from: time.now, until: time.now + 30_000 }
    time.now += 100_000
    const here = await money.join({ runId: 'a', route: null, earlier: [before] })
    expect(here.limit!.spending().spent).toBe(30)
    time.now += 20_000
    expect(await here.cost([], 1)).toMatchObject({ amounts: { USD: 50 }, hosts: [{ seconds: 50 }] })
    expect(here.elapsedSeconds()).toBe(20)
    const pool = await money.join({ runId: 'b', route, earlier: [{ from: 0, until: time.now - 110_000 }] })
    time.now += 5000
    expect((await pool.cost([], 1))?.amounts).toEqual({ USD: 15 })
    await money.close()
  })

  test('that earlier runs have emptied lets no later one begin', async () => {
    const { time, money } = purse(200)
    await money.join({ runId: 'a', route: null, earlier: [] })
    time.now += 134_000
    await money.join({ runId: 'b', route: null, earlier: [] })
    time.now += 2000
    await expect(money.join({ runId: 'c', route: null, earlier: [] })).rejects.toMatchObject({
      code: 'BUDGET_TOO_SMALL',
      details: { budget: '200.00 USD', reason: expect.stringContaining('136.00 USD are spent') },
    })
    await money.close()
  })

  test('keeps the price of the teardown back', async () => {
    const { money } = purse(200, { teardownSeconds: 136 })
    await expect(money.join({ runId: 'a', route: null, earlier: [] })).rejects.toMatchObject({
      code: 'BUDGET_TOO_SMALL',
    })
    await money.close()
  })

  test('counts each agent of a route once, however many runs it serves', async () => {
    const { time, fleet, money } = purse(5000, { workerPrice: null })
    await fleet.join(agent('1', 'host-1'), 5000)
    await fleet.join(agent('2', 'host-2'), 5000)
    const { limit } = await money.join({ runId: 'a', route, earlier: [] })
    await money.join({ runId: 'b', route, earlier: [] })
    time.now += 10_000
    const { perHour, spent } = limit!.spending()
    expect([perHour, spent]).toEqual([7200, 20])
    await money.close()
  })

  test('counts what was rented for any of its runs, also when a machine goes from one to the next', async () => {
    const { time, rentals, fleet, money } = purse(undefined, { workerPrice: null })
    const planned = ['worker-1', 'worker-2'].map((name) => ({ name, kind: 'worker' as const, place: '', price: usd }))
    const [one] = await rentals.book('c', 'local', planned, { now: time.now, endsAt: time.now + 1e7 })
    await rentals.assign('c', 'a')
    const a = await money.join({ runId: 'a', route, earlier: [] })
    const from = time.now
    time.now += 10_000
    await rentals.ended(one!.id, 'it died', time.now)
    await rentals.assign('c', 'b')
    time.now += 10_000
    const b = await money.join({ runId: 'b', route, earlier: [] })
    // 10 s of the one that ended with the first run, 20 s of the one that goes on.
    expect((await a.cost([], 1))?.amounts).toEqual({ USD: 10 })
    expect((await b.cost([], 1))?.amounts).toEqual({ USD: 20 })
    const runs = ['a', 'b'].map((runId) => ({ runId, route, earlier: [] }))
    const paid = await paidFor({ runs, span: { from, until: time.now }, workerPrice: null }, { rentals, fleet })
    expect([costOf(paid).amounts, hourlyRate(paid)]).toEqual([{ USD: 30 }, { USD: 3600 }])
    await money.close()
  })

  test('without a budget only tells, and says when it cannot', async () => {
    const { time, money, notes, rentals } = purse(undefined)
    const run = await money.join({ runId: 'a', route: null, earlier: [] })
    time.now += 36_000
    expect(run.limit).toBeUndefined()
    expect((await run.cost([], 1))?.words).toBe('36.00 USD: 1 worker x 0.6 min at 3600 USD/h')
    rentals.list = () => Promise.reject(new Error('away'))
    expect(await run.cost([], 1)).toBeNull()
    expect(notes).toEqual(['what the run cost is not known: unexpected failure: away'])
    await money.close()
  })
})

describe('the known cost of a run', () => {
  const trials = [{ number: 0, durationMs: 5000 } as TrialRecord]
  const none: Pick<RentalLedger, 'list'> = { list: () => Promise.resolve([]) }

  test('is what the run told when nothing was rented for it', async () => {
    const { time, money } = purse(undefined)
    const run = await money.join({ runId: 'a', route: null, earlier: [] })
    time.now += 10_000
    const cost = await run.cost(trials, 1)
    expect(cost!.trials).toEqual([{ number: 0, amounts: { USD: 5 } }])
    expect(await knownCostOf({ id: 'a', summary: { cost } } as unknown as Run, trials, none, 9e9)).toEqual(cost)
    expect(await knownCostOf({ id: 'a', summary: null } as unknown as Run, trials, none, 9e9)).toBeNull()
  })

  test('goes on with what was rented until its end, at the price that was said of it', async () => {
    const { time, rentals, money } = purse(undefined)
    const planned = [{ name: 'worker-1', kind: 'worker' as const, place: '', price: null }]
    const [one] = await rentals.book('c', 'local', planned, { now: time.now, endsAt: time.now + 1e7 })
    await rentals.assign('c', 'a')
    const run = await money.join({ runId: 'a', route, earlier: [] })
    time.now += 10_000
    const cost = await run.cost(trials, 1)
    const finished = { id: 'a', summary: { cost } } as unknown as Run
    expect(await knownCostOf(finished, trials, rentals, time.now)).toEqual(cost)
    await rentals.ended(one!.id, 'down', time.now + 2000)
    const whole = await knownCostOf(finished, trials, rentals, time.now + 1e6)
    expect(whole?.amounts).toEqual({ USD: 12 })
    const host = { name: 'worker-1', kind: 'worker', place: '', seconds: 12, price: usd, amount: 12 }
    expect(whole?.hosts).toEqual([host])
  })
})
