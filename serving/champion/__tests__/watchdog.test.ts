import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { bitcoin } from '../../series/__tests__/histories.ts'
import type { ChampionHolder } from '../index.ts'
import { Watchdog } from '../watchdog.ts'
import { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = new Stage()
  await stage.promote(await stage.publish())
  await stage.publish()
})
afterEach(() => stage.close())

const versionOf = (holder: ChampionHolder): number => holder.of(bitcoin).version
const championOf = async (): Promise<number | undefined> => (await stage.registry.resolve('champion'))?.version

/** Serves version 1, then 2. */
async function swapped(options: Parameters<Stage['started']>[0] = {}): Promise<ChampionHolder> {
  const holder = await stage.started(options)
  await stage.promote(2)
  await holder.settled()
  expect(versionOf(holder)).toBe(2)
  return holder
}

test.each(['failed', 'not-finite'] as const)(
  'an answer that is %s soon after a swap brings the model before back at once and rolls the alias back',
  async (outcome) => {
    const holder = await swapped()
    holder.report(2, 'ok')
    expect(versionOf(holder)).toBe(2)
    holder.report(2, outcome)
    expect(versionOf(holder)).toBe(1)
    await holder.settled()
    expect(await championOf()).toBe(1)
    expect((await stage.registry.history('champion')).at(-1)).toMatchObject({
      kind: 'rollback',
      reason: expect.stringContaining('version 2') as unknown,
    })
    expect(stage.events.slice(-2)).toEqual([
      expect.objectContaining({ kind: 'rollback', from: 2, to: 1 }),
      expect.objectContaining({ kind: 'model', version: 1, before: 2 }),
    ])
  },
)

test('a listener that finds the new model wanting during the swap never sees it answer again', async () => {
  const holder = await stage.started()
  holder.onSwap(({ version }) => {
    if (version === 2) holder.report(2, 'failed')
  })
  await stage.promote(2)
  await holder.settled()
  expect([versionOf(holder), await championOf()]).toEqual([1, 1])
  stage.away.objects = true
  const restarted = await stage.started()
  expect(versionOf(restarted)).toBe(1)
})

test('while the alias cannot be rolled back the version taken back does not return', async () => {
  const holder = await swapped()
  let refused = 0
  stage.before = (asked) => {
    if (asked !== 'rollback' || ++refused > 3) return Promise.resolve()
    return Promise.reject(new BullpenError('DATABASE_UNAVAILABLE', { database: 'memory', reason: 'read-only' }))
  }
  holder.report(2, 'failed')
  while ((await championOf()) === 2) await nextTurn()
  await holder.settled()
  expect(versionOf(holder)).toBe(1)
  expect(stage.kinds('model').map((event) => 'version' in event && event.version)).toEqual([1, 2, 1])
})

test('tolerated answers change nothing, nor do those of another version, nor those after the window', async () => {
  const holder = await swapped({ watch: { windowMs: 1000, tolerated: 1 } })
  holder.report(2, 'failed')
  holder.report(1, 'failed')
  stage.now += 1001
  holder.report(2, 'failed')
  holder.report(2, 'failed')
  expect(versionOf(holder)).toBe(2)
})

test('the first model, one that came from a rollback, and one brought back are not watched: nothing better is known', async () => {
  const holder = await swapped()
  await stage.registry.rollback('champion', 'by hand')
  stage.feed.tell('aliases')
  await holder.settled()
  holder.report(1, 'failed')
  await holder.settled()
  expect([versionOf(holder), await championOf()]).toEqual([1, 1])
})

test('a version taken back stays away, also after a restart, until the alias is moved to it again', async () => {
  const holder = await swapped()
  stage.away.registry = true
  holder.report(2, 'failed')
  await holder.settled()
  expect(await championOf()).toBe(2)
  await holder.close()
  const restarted = await stage.started({ startMs: 5 })
  expect(versionOf(restarted)).toBe(1)
  stage.away.registry = false
  stage.feed.tell('aliases')
  await restarted.settled()
  expect([versionOf(restarted), await championOf()]).toEqual([1, 1])
  await stage.promote(2)
  await restarted.settled()
  expect(versionOf(restarted)).toBe(2)
})

test('replicas that see the same fault undo one move between them', async () => {
  const [a, b] = [await stage.started(), await stage.started({ home: `${stage.home}/b` })]
  const third = await stage.publish()
  for (const version of [2, third]) {
    await stage.promote(version)
    await Promise.all([a.settled(), b.settled()])
  }
  for (const holder of [a, b]) holder.report(third, 'failed')
  await Promise.all([a.settled(), b.settled()])
  expect([versionOf(a), versionOf(b), await championOf()]).toEqual([2, 2, 2])
})

test('an alias that somebody moved meanwhile is left where it is', async () => {
  const holder = await swapped()
  const third = await stage.publish()
  await stage.registry.moveAlias('champion', third, 'by hand', { override: { reason: 'test', by: 'test' } })
  holder.report(2, 'failed')
  await holder.settled()
  expect([versionOf(holder), await championOf()]).toEqual([third, third])
})

test('the count begins anew with each swap', () => {
  const watchdog = new Watchdog({ windowMs: 10, tolerated: 1 })
  watchdog.watch(1, 0)
  expect(watchdog.condemns(1, 'failed', 1)).toBeNull()
  watchdog.watch(2, 2)
  expect(watchdog.condemns(2, 'failed', 3)).toBeNull()
  expect(watchdog.condemns(2, 'not-finite', 12)).toMatch(/^bad answer 2 of version 2 .* was not finite$/)
})
