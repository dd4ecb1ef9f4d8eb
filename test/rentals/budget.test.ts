import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { RunCost } from '../../coordinator/cost/index.ts'
import { describeWithTools } from '../../coordinator/targets/testing/index.ts'
import { localPlace } from './testing/local-place.ts'
import type { RentedCommand } from './testing/rented-place.ts'
import { RentedHome } from './testing/rented-home.ts'

/** Searches that go on until they are stopped, on machines of which 5 USD are enough for hours. */
const options = ['--trials', '5000', '--price', '1', '--budget', '5']

describeWithTools(['terraform', 'redis-server', 'redis-cli', 'setpriv'], 'the budget of a rented cluster', () => {
  let home: RentedHome
  let thrifty: RentedCommand
  let spent: RentedCommand
  /** Rentals that make the runs dear while they search. */
  let dear: readonly Promise<string>[]

  beforeAll(async () => {
    home = new RentedHome(localPlace())
    await home.ready()
    thrifty = home.weekly('thrifty', { options })
    spent = home.weekly('spent', { options })
    // From now on 5 USD last for 105 s, of which 60 s are the teardown's: enough to judge what there is, and no more.
    // And those of the other run for no time at all.
    dear = [rentBeside('thrifty', thrifty, 171), rentBeside('spent', spent, 5_000_000)]
    for (const each of dear) each.catch(() => undefined)
  }, 120_000)
  afterAll(() => home.place.close())

  test('ends its search in time: the run is judged, the cluster given back, and the price below it', async () => {
    await thrifty.saw(/the budget ends the search after \d+ of 5000 trials/)
    // The dear machine goes, so that a slow one has time to judge.
    await ended(await dear[0]!)
    const { status, stderr } = await thrifty.done
    expect(stderr).not.toContain('BUDGET_SPENT')
    expect({ status, left: await home.traces('thrifty') }).toEqual({ status: 0, left: [] })
    const { stdout } = await home.place.start(['runs', 'show', await runOf('thrifty'), '--json'], {}).done
    const { state, cost } = JSON.parse(stdout) as { state: string; cost: RunCost }
    expect(state).toBe('done')
    expect(cost.hosts.map(({ name, place }) => (place === 'dear' ? place : name)).sort()).toEqual([
      'dear',
      'redis',
      'worker-1',
    ])
    expect(cost.amounts['USD']).toBeLessThanOrEqual(5)
  }, 180_000)

  test('stops the run when no more than the teardown can be paid, and gives the cluster back', async () => {
    const { status, stderr } = await spent.done
    await ended(await dear[1]!)
    expect(stderr).toMatch(/BUDGET_SPENT.*of 5.00 USD no more than the teardown is left/)
    expect({ status, left: await home.traces('spent') }).toEqual({ status: 1, left: [] })
  }, 180_000)

  /** Puts a machine beside the run of a cluster, once it searches, as if it had been rented with it at so much an hour. */
  async function rentBeside(cluster: string, command: RentedCommand, perHour: number): Promise<string> {
    await command.saw(/search: started/)
    const runId = await runOf(cluster)
    return home.place.books.use(async ({ ledger }) => {
      const now = Date.now()
      const plan = { name: 'worker-1', kind: 'worker', place: 'dear', price: { perHour, currency: 'USD' } } as const
      const [rental] = await ledger.book(`beside-${cluster}`, 'local', [plan], { now, endsAt: now + 600_000 })
      await ledger.started(rental!.id, 'dear', now)
      await ledger.assign(rental!.cluster, runId)
      return rental!.id
    })
  }

  function ended(rental: string): Promise<void> {
    return home.place.books.use(({ ledger }) => ledger.ended(rental, 'given back', Date.now()))
  }

  async function runOf(cluster: string): Promise<string> {
    const rentals = await home.place.books.use(({ ledger }) => ledger.list({ cluster }))
    return rentals.find(({ runId }) => runId !== null)!.runId!
  }
})
