import { expect, test } from '@jest/globals'
import { MemoryClusterStore, MemoryFleet, MemoryRentalLedger } from '#platform/memory'
import { rentedClusters, rentedLines } from '../rented-clusters.ts'

const hour = 3_600_000

test('a rented cluster tells its size, its end, its price and its cost; one that is gone tells nothing', async () => {
  const ledger = new MemoryRentalLedger()
  const books = { ledger, clusters: new MemoryClusterStore(), fleet: new MemoryFleet(), close: () => Promise.resolve() }
  const at = { now: 0, endsAt: 2 * hour }
  const price = { perHour: 0.5, currency: 'USD' }
  const [guard, worker, redis] = await ledger.book(
    'blue',
    'ssh',
    [
      { name: 'guard', kind: 'guard', place: 'here', price: null },
      { name: 'worker-1', kind: 'worker', place: 'a', price },
      { name: 'redis', kind: 'redis', place: 'a', price: { perHour: 0.1, currency: 'EUR' } },
    ],
    at,
  )
  await ledger.started(worker!.id, 'a', hour / 2)
  expect(await rentedClusters(books, hour)).toMatchObject([
    {
      cluster: 'blue',
      target: 'ssh',
      endsAt: 2 * hour,
      perHour: { USD: 0.5, EUR: 0.1 },
      cost: { USD: 0.25, EUR: 0.1 },
    },
  ])
  expect(rentedLines(await rentedClusters(books, hour))).toEqual([
    expect.stringMatching(
      /^rented {2}blue at ssh {2}down {2}3 rentals until 1970-01-01T02:00:00.000Z .*an hour, .*0\.25 USD.* so far$/,
    ),
  ])
  for (const { id } of [guard!, worker!, redis!]) await ledger.ended(id, 'over', hour)
  expect(await rentedClusters(books, 2 * hour)).toEqual([])
})
