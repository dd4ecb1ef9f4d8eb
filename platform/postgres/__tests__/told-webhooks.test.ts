import { beforeAll, expect, test } from '@jest/globals'
import { exampleDecision, exampleManifest, firstVersion } from '#core/registry/testing'
import { PostgresModelRegistry, PostgresRunStore, PostgresWebhookOutbox } from '#platform/postgres'
import { testDatabase } from '#platform/postgres/testing'

const { database } = await testDatabase()
const now = Date.now()
const outbox = new PostgresWebhookOutbox(database)

beforeAll(async () => {
  await outbox.register([{ id: 'a', describe: 'json a' }], now - 1000)
})

/** Kinds and facts told since the last call, oldest first. */
async function told(): Promise<unknown[]> {
  const claimed = await outbox.claim(['a'], { now: now + 60_000, ttlMs: 1000, limit: 50 })
  for (const delivery of claimed) await outbox.settle(delivery, { state: 'delivered', status: 200 })
  return claimed.map(({ event: { kind, facts } }) => ({ kind, ...facts }))
}

test('a run tells that it began, how it failed, and what it finished with, once each', async () => {
  const runs = new PostgresRunStore(database, () => now)
  await runs.create('run-1', { candles: { symbol: 'BTC/USDT', source: 'btc.csv' }, search: { trials: 12 } })
  await runs.transition('run-1', 'search')
  const error = { code: 'DISK_FULL', message: 'no space left', retryable: true, details: {} } as const
  await runs.transition('run-1', 'failed', { error })
  await runs.transition('run-1', 'failed', { error })
  await runs.transition('run-1', 'fit')
  const summary = {
    model: { version: 7, champion: true },
    verdict: 'buy',
    candle: { symbol: 'BTC/USDT' },
    metrics: { heldOut: { rocAucOvrWeighted: 0.61239, naiveRocAucOvrWeighted: 0.55 } },
    promotion: { text: 'better' },
  }
  await runs.transition('run-1', 'done', { summary })
  await runs.transition('run-1', 'done')
  expect(await told()).toEqual([
    { kind: 'run.started', run: 'run-1', symbol: 'BTC/USDT', source: 'btc.csv', trials: 12 },
    { kind: 'run.failed', run: 'run-1', code: 'DISK_FULL', message: 'no space left', after: 'search' },
    {
      kind: 'run.finished',
      run: 'run-1',
      version: 7,
      champion: true,
      verdict: 'buy',
      symbol: 'BTC/USDT',
      auc: 0.6124,
      naive: 0.55,
      promotion: 'better',
      cost: null,
    },
  ])
})

test('a run whose spec or summary is of another shape goes on, whatever can be told of it', async () => {
  const runs = new PostgresRunStore(database, () => now)
  await runs.create('run-2', { search: { trials: 'many' } })
  await runs.transition('run-2', 'done', { summary: { model: { version: 'x' } } })
  expect((await runs.get('run-2')).state).toBe('done')
  await told()
})

test('an undone write tells nothing', async () => {
  await database
    .transaction(async (query) => {
      await query(
        `INSERT INTO bullpen.runs (id, state, spec, created_at, updated_at) VALUES ('run-3', 'created', '{}', now(), now())`,
      )
      throw new Error('undone')
    })
    .catch(() => undefined)
  expect(await told()).toEqual([])
})

test('the champion’s moves and refusals are told, other aliases are nobody’s business', async () => {
  const registry = new PostgresModelRegistry(database, () => now)
  await registry.publish(exampleManifest('a'), { decision: firstVersion })
  await registry.publish(exampleManifest('b'), {
    decision: exampleDecision(1, { promoted: false, reason: 'not-better', text: 'it earned less' }),
  })
  await registry.publish(exampleManifest('c'), { decision: exampleDecision(1) })
  await registry.moveAlias('try', 2, 'looking')
  await registry.rollback('champion', 'live results differ')
  const champion = { alias: 'champion' }
  expect(await told()).toEqual([
    { kind: 'model.promoted', ...champion, version: 1, reason: firstVersion.text },
    {
      kind: 'model.refused',
      ...champion,
      version: 2,
      reason: 'not-better',
      champion: 1,
      run: 'b',
      text: 'it earned less',
    },
    { kind: 'model.promoted', ...champion, version: 3, reason: exampleDecision(1).text },
    { kind: 'model.rolled-back', ...champion, version: 1, reason: 'live results differ' },
  ])
})
