import { beforeEach, expect, test } from '@jest/globals'
import { exampleDecision, exampleManifest, firstVersion } from '#core/registry/testing'
import { PostgresModelRegistry } from '#platform/postgres'
import { testDatabase } from '#platform/postgres/testing'

const { database } = await testDatabase()
const tables = 'model_versions, promotion_decisions, alias_moves, aliases'
const registry = new PostgresModelRegistry(database)
const { query } = database

/** Version 1 is champion; version 2 lost against it, version 3 was never judged. */
beforeEach(async () => {
  await database.transaction(async (inside) => {
    await inside('SET LOCAL session_replication_role = replica')
    await inside(`SET LOCAL search_path = bullpen`)
    await inside(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`)
  })
  const lost = exampleDecision(1, { promoted: false, reason: 'not-better', text: 'it earned less' })
  await registry.publish(exampleManifest('a'), { decision: firstVersion })
  await registry.publish(exampleManifest('b'), { decision: lost })
  await registry.publish(exampleManifest('c'))
})

const move = (version: number, decision: number | null, kind = 'move', alias = 'champion'): Promise<object[]> =>
  query(
    `INSERT INTO bullpen.alias_moves (alias, version, kind, at, reason, decision_id) VALUES ($1, $2, $3, now(), '', $4)`,
    [alias, version, kind, decision],
  )

/** A decision written by hand; answers its number. */
async function decide(changes: Record<string, unknown> = {}): Promise<number> {
  const { text, evidence } = exampleDecision(1)
  const decision = JSON.stringify({ text, evidence })
  const row = { alias: 'champion', challenger: 3, champion: 1, run_id: 'x', verdict: 'promote', reason: 'better' }
  const whole: Record<string, unknown> = { ...row, decision, ...changes }
  const names = Object.keys(whole)
  const [made] = await query<{ id: number }>(
    `INSERT INTO bullpen.promotion_decisions (${names.join(', ')}, created_at)
     VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')}, now()) RETURNING id`,
    Object.values(whole),
  )
  return made!.id
}

const guard = { code: 'BP001' }
const check = { code: '23514' }

test('raw SQL does not move the champion without a decision', async () => {
  await expect(move(3, null)).rejects.toMatchObject({ ...guard, detail: 'no-decision' })
  await expect(move(2, null)).rejects.toMatchObject(guard)
  await expect(move(2, 2)).rejects.toMatchObject({ ...guard, detail: 'champion-changed' })
  await expect(move(3, 1)).rejects.toMatchObject(guard)
  expect((await registry.resolve('champion'))?.version).toBe(1)
})

test('raw SQL does not point the champion past its moves', async () => {
  const pointing = `UPDATE bullpen.aliases SET version = 3 WHERE name = 'champion'`
  await expect(query(pointing)).rejects.toMatchObject(guard)
  await expect(query(`DELETE FROM bullpen.aliases WHERE name = 'champion'`)).rejects.toMatchObject(guard)
  await registry.moveAlias('shadow', 3, '')
  const other = `(SELECT max(id) FROM bullpen.alias_moves WHERE alias = 'shadow')`
  await expect(
    query(`UPDATE bullpen.aliases SET version = 3, move_id = ${other} WHERE name = 'champion'`),
  ).rejects.toMatchObject(guard)
  await expect(query(`UPDATE bullpen.aliases SET name = 'champion-2' WHERE name = 'shadow'`)).rejects.toMatchObject(
    guard,
  )
  expect((await registry.resolve('champion'))?.version).toBe(1)
})

test('a decision that names the version and the champion of the moment moves it, once', async () => {
  const decision = await decide()
  await expect(move(2, decision)).rejects.toMatchObject(guard)
  await expect(move(3, decision, 'move', 'champion-btc')).rejects.toMatchObject(guard)
  await move(3, decision)
  await move(1, null, 'rollback')
  await expect(move(3, decision)).rejects.toMatchObject({ code: '23505' })
})

test('a rollback goes to a version that was champion, and to no other', async () => {
  await expect(move(3, null, 'rollback')).rejects.toMatchObject({ ...guard, detail: 'never-champion' })
  await move(3, await decide())
  await move(1, null, 'rollback')
})

test('a decision against the champion of before moves nothing', async () => {
  const [late, early] = [await decide({ challenger: 2 }), await decide()]
  await move(3, early)
  await expect(move(2, late)).rejects.toMatchObject({ ...guard, detail: 'champion-changed' })
})

test('taking the champion away does not make room for a first version', async () => {
  await query(`INSERT INTO bullpen.alias_moves (alias, kind, at, reason) VALUES ('champion', 'move', now(), '')`)
  const first = await decide({ champion: null, reason: 'first-version' })
  await expect(move(3, first)).rejects.toMatchObject(guard)
})

test.each<[string, Record<string, unknown>]>([
  ['a pass for a reason that refuses', { reason: 'not-better' }],
  ['a refusal for a reason that passes', { verdict: 'refuse' }],
  ['better without numbers', { decision: '{"text":"trust me"}' }],
  ['better with a lower end below the minimum effect', { decision: numbers({ lower: 0.01 }) }],
  ['better without a minimum effect', { decision: numbers({ minimumEffect: null }) }],
  ['an override without words', { reason: 'override', run_id: null }],
  ['an override with empty words', { reason: 'override', run_id: null, override_reason: ' ', override_by: 'x' }],
  ['a first version that has a champion', { reason: 'first-version' }],
  ['a judgement of no run', { run_id: null }],
])('raw SQL does not write %s', async (_, changes) => {
  await expect(decide(changes)).rejects.toMatchObject(check)
})

function numbers(changes: Record<string, number | null>): string {
  const { text, evidence } = exampleDecision(1)
  const afterFeeReturn = { ...evidence!.afterFeeReturn, ...changes }
  return JSON.stringify({ text, evidence: { ...evidence, afterFeeReturn } })
}

test.each([
  `UPDATE bullpen.promotion_decisions SET verdict = 'promote', reason = 'better'`,
  'DELETE FROM bullpen.promotion_decisions',
  'TRUNCATE bullpen.promotion_decisions CASCADE',
])('decisions are immutable: %s', async (sql) => {
  await expect(query(sql)).rejects.toThrow('immutable')
})

test('two movers at once: one decision wins, the other was against the champion of before', async () => {
  const decisions = [await decide({ challenger: 2 }), await decide({ challenger: 3 })] as const
  const moves = await Promise.allSettled([move(2, decisions[0]), move(3, decisions[1])])
  expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(moves.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { detail: 'champion-changed' } })
})
