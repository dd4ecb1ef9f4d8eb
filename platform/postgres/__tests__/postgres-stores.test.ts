import { describeCandleStore } from '#core/candles/testing'
import {
  describeApiKeys,
  describeFeatureSnapshots,
  describeDriftActions,
  describeModelRegistry,
  describePredictionLog,
  describeRunStore,
  describeShardIndex,
} from '#core/registry/testing'
import { describeScheduleStore } from '#core/schedule/testing'
import { describeWebhookOutbox } from '#core/webhooks/testing'
import {
  PostgresApiKeys,
  PostgresCandleStore,
  PostgresDriftActions,
  PostgresFeatureSnapshots,
  PostgresModelRegistry,
  PostgresPredictionLog,
  PostgresRunStore,
  PostgresScheduleStore,
  PostgresShardIndex,
  PostgresWebhookOutbox,
} from '#platform/postgres'
import { testDatabase } from '#platform/postgres/testing'

const { database } = await testDatabase()

/** Empties all tables; as a replica, because their triggers refuse to let rows go. */
async function empty(): Promise<void> {
  await database.transaction(async (query) => {
    await query('SET LOCAL session_replication_role = replica')
    const tables =
      'candle_series, candles, candle_revisions, runs, data_sets, feature_shards, feature_snapshots, model_versions, promotion_decisions, alias_moves, aliases, verdicts, drift_actions, api_keys, schedules, webhook_events, webhook_endpoints'
    await query(`SET LOCAL search_path = bullpen`)
    await query(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`)
  })
}

const close = (): void => undefined

describeModelRegistry('PostgresModelRegistry', async (clock) => {
  await empty()
  return { registry: new PostgresModelRegistry(database, clock), close }
})
describeRunStore('PostgresRunStore', async (clock) => {
  await empty()
  return { runs: new PostgresRunStore(database, clock), close }
})
describeFeatureSnapshots('PostgresFeatureSnapshots', async () => {
  await empty()
  return { snapshots: new PostgresFeatureSnapshots(database), close }
})
describeDriftActions('PostgresDriftActions', async () => {
  await empty()
  return { actions: new PostgresDriftActions(database), close }
})
describeShardIndex('PostgresShardIndex', async () => {
  await empty()
  return { index: new PostgresShardIndex(database), close }
})
describeCandleStore('PostgresCandleStore', async () => {
  await empty()
  return { store: new PostgresCandleStore(database), close }
})
describePredictionLog('PostgresPredictionLog', async () => {
  await empty()
  return { log: new PostgresPredictionLog(database), close }
})
describeApiKeys('PostgresApiKeys', async (clock) => {
  await empty()
  return { keys: new PostgresApiKeys(database, clock), close }
})
describeScheduleStore('PostgresScheduleStore', async () => {
  await empty()
  return { store: new PostgresScheduleStore(database), close }
})
describeWebhookOutbox('PostgresWebhookOutbox', async () => {
  await empty()
  return { outbox: new PostgresWebhookOutbox(database), close }
})
