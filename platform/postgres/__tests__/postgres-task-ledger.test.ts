import { describeFleet, describeTaskLedger } from '#core/protocol/testing'
import { PostgresFleet, PostgresRunStore, PostgresTaskLedger } from '#platform/postgres'
import { testDatabase } from '#platform/postgres/testing'

const { database } = await testDatabase()

const close = (): void => undefined

const openLedger = async () => {
  await database.query('TRUNCATE bullpen.tasks, bullpen.runs CASCADE')
  const pass = async (ms: number): Promise<void> => {
    await database.query(
      `UPDATE bullpen.tasks SET told_at = told_at - $1 * interval '1 ms', leased_at = leased_at - $1 * interval '1 ms',
              lease_until = lease_until - $1 * interval '1 ms', ended_at = ended_at - $1 * interval '1 ms'`,
      [ms],
    )
  }
  return {
    ledger: new PostgresTaskLedger(database, { graceTerms: 0 }),
    runs: new PostgresRunStore(database),
    pass,
    close,
  }
}
describeTaskLedger('PostgresTaskLedger', openLedger, { randomRuns: 15 })

describeFleet('PostgresFleet', async () => {
  await database.query('TRUNCATE bullpen.agents')
  const pass = async (ms: number): Promise<void> => {
    await database.query(
      `UPDATE bullpen.agents SET joined_at = joined_at - $1 * interval '1 ms', left_at = left_at - $1 * interval '1 ms',
              heartbeat_at = heartbeat_at - $1 * interval '1 ms'`,
      [ms],
    )
  }
  return { fleet: new PostgresFleet(database), pass, close }
})
