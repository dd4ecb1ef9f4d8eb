import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import { describeClusterStore, describeRentalLedger } from '#core/protocol/testing'
import { openDatabase, PostgresClusterStore, PostgresRentalLedger, type Database } from '#platform/postgres'

const home = mkdtempSync(join(tmpdir(), 'bullpen-rentals-'))
let database: Database

beforeAll(async () => {
  database = await openDatabase({ home, onNote: () => undefined })
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true })
})

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
