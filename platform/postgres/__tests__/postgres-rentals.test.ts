import { describeClusterStore, describeRentalLedger } from '#core/protocol/testing'
import { PostgresClusterStore, PostgresRentalLedger } from '#platform/postgres'
import { testDatabase } from '#platform/postgres/testing'

const { database } = await testDatabase()

const close = (): void => undefined

describeRentalLedger(
  'PostgresRentalLedger',
  async () => {
    await database.query('TRUNCATE bullpen.rentals')
    return { ledger: new PostgresRentalLedger(database), close }
  },
  { randomRuns: 25 },
)

describeClusterStore('PostgresClusterStore', async () => {
  await database.query('TRUNCATE bullpen.clusters')
  return { store: new PostgresClusterStore(database), close }
})
