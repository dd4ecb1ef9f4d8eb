import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { ServedModel } from '../../ports.ts'
import { bitcoin } from '../../series/__tests__/histories.ts'
import type { ChampionHolder } from '../index.ts'
import { faults, Stage, type Fault } from './stage.ts'

let stage: Stage
beforeEach(() => {
  stage = new Stage()
})
afterEach(() => stage.close())

const versionOf = (holder: ChampionHolder): number => holder.of(bitcoin).version
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await nextTurn()
}

test('the model the alias points at answers, and the next one from the moment it is moved and verified', async () => {
  await stage.promote(await stage.publish())
  const holder = await stage.started()
  expect(versionOf(holder)).toBe(1)
  const { model, since } = holder.of(bitcoin)
  const row = (await stage.book()).recentFeatures(bitcoin, 1)[0]!
  expect(model.answer(row).probabilities.buy).toBeGreaterThan(0)
  expect(since).toBe(stage.now)
  await stage.promote(await stage.publish())
  await holder.settled()
  expect(versionOf(holder)).toBe(2)
  expect(holder.all()).toEqual([holder.of(bitcoin)])
  expect(stage.events.map((event) => event.kind === 'model' && [event.version, event.before])).toEqual([
    [1, null],
    [2, 1],
  ])
})

test('listeners hear of a swap when the new model is the one that answers, and one that throws undoes nothing', async () => {
  await stage.promote(await stage.publish())
  const holder = await stage.started()
  const heard: [number, number, number | undefined][] = []
  holder.onSwap(() => {
    throw new Error('no')
  })
  holder.onSwap((now: ServedModel, before: ServedModel | undefined) => {
    heard.push([versionOf(holder), now.version, before?.version])
  })
  await stage.promote(await stage.publish())
  await holder.settled()
  expect(heard).toEqual([[2, 2, 1]])
})

test('before there is a model it says so, and the first one promoted answers', async () => {
  const holder = await stage.started()
  expect(() => holder.of(bitcoin)).toThrow(expect.objectContaining({ code: 'NO_MODEL' }))
  expect(holder.all()).toEqual([])
  await stage.promote(await stage.publish())
  await holder.settled()
  expect(versionOf(holder)).toBe(1)
  const other = { symbol: 'ETH/USDT', widthMs: bitcoin.widthMs }
  expect(() => holder.of(other)).toThrow(
    expect.objectContaining({ code: 'SERIES_NOT_SERVED', details: expect.objectContaining({ known: 'BTC/USDT 4h' }) }),
  )
})

test.each(Object.entries(faults) as [Fault, string][])(
  'a model with %s is refused with %s, and the old one serves on',
  async (fault, code) => {
    await stage.promote(await stage.publish())
    const holder = await stage.started()
    await stage.promote(await stage.publish(fault))
    await holder.settled()
    expect(versionOf(holder)).toBe(1)
    expect(stage.kinds('model-refused')).toEqual([expect.objectContaining({ version: 2, code })])
    expect(stage.kinds('model')).toHaveLength(1)
  },
)

test('a refused version is not tried again until the alias moves to it again', async () => {
  await stage.promote(await stage.publish())
  const holder = await stage.started()
  const bad = await stage.publish('corrupted')
  await stage.promote(bad)
  await holder.settled()
  stage.feed.tell('aliases')
  await holder.settled()
  expect(stage.kinds('model-refused')).toHaveLength(1)
  await stage.promote(1)
  await stage.promote(bad)
  await holder.settled()
  expect(stage.kinds('model-refused')).toHaveLength(2)
  expect(versionOf(holder)).toBe(1)
})

test('a replica that starts while the champion is at fault serves what the others serve', async () => {
  await stage.promote(await stage.publish())
  const early = await stage.started()
  for (const fault of [undefined, 'truncated', 'missing'] as const) await stage.promote(await stage.publish(fault))
  await early.settled()
  const late = await stage.started({ home: `${stage.home}/another` })
  expect([versionOf(early), versionOf(late)]).toEqual([2, 2])
})

test('the newest move wins while an older model is still being fetched', async () => {
  await stage.promote(await stage.publish())
  const holder = await stage.started()
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  let fetches = 0
  stage.before = (asked) => (asked === 'object' && ++fetches === 1 ? held : Promise.resolve())
  await stage.promote(await stage.publish())
  await until(() => fetches === 1)
  await stage.promote(await stage.publish())
  await holder.settled()
  expect(versionOf(holder)).toBe(3)
  release()
  await nextTurn()
  await holder.settled()
  expect(versionOf(holder)).toBe(3)
  expect(stage.kinds('model')).toHaveLength(2)
})

test('a model that answered before is back without a fetch', async () => {
  for (let i = 0; i < 2; i++) await stage.promote(await stage.publish())
  const holder = await stage.started()
  await stage.promote(1)
  await holder.settled()
  stage.away.objects = true
  await stage.registry.rollback('champion', 'by hand')
  stage.feed.tell('aliases')
  await holder.settled()
  expect(versionOf(holder)).toBe(2)
})

test('without objects or registry the model goes on answering; one line tells, one when they are back', async () => {
  await stage.promote(await stage.publish())
  const holder = await stage.started()
  stage.lines.length = 0
  let asked = 0
  stage.before = () => {
    asked++
    return Promise.resolve()
  }
  Object.assign(stage.away, { registry: true, objects: true })
  await stage.promote(await stage.publish())
  await until(() => asked > 3)
  stage.away.registry = false
  asked = 0
  await until(() => asked > 6)
  expect(versionOf(holder)).toBe(1)
  expect(stage.lines).toEqual([expect.stringMatching(/^the database .* version 1 goes on answering .*; trying again$/)])
  stage.away.objects = false
  await until(() => versionOf(holder) === 2)
  await holder.settled()
  expect(stage.lines.slice(1)).toEqual(['version 2 answers for alias champion', 'alias champion is followed again'])
})

test('a move nobody told of is found by looking', async () => {
  await stage.promote(await stage.publish())
  const holder = await stage.started({ pollMs: 1 })
  await stage.publish()
  await stage.registry.moveAlias('champion', 2, 'quietly', { override: { reason: 'test', by: 'test' } })
  await until(() => versionOf(holder) === 2)
})

test('a registry that never answers counts as away, and closing does not wait for it', async () => {
  await stage.promote(await stage.publish())
  const holder = await stage.started({ registryMs: 5 })
  stage.before = () => new Promise(() => undefined)
  stage.feed.tell('aliases')
  await until(() => stage.lines.some((line) => line.includes('no answer within')))
  stage.feed.tell('aliases')
  await holder.close()
  expect(versionOf(holder)).toBe(1)
})

test('each alias serves a series of its own; a model for a series that another serves is refused', async () => {
  await stage.promote(await stage.publish())
  await stage.promote(await stage.publish('another symbol'), 'ether')
  const holder = await stage.started({ aliases: [{ alias: 'champion' }, { alias: 'ether' }] })
  expect(holder.of({ ...bitcoin, symbol: 'ETH/USDT' }).version).toBe(2)
  await stage.promote(await stage.publish(), 'ether')
  await holder.settled()
  expect(holder.all().map(({ version }) => version)).toEqual([1, 2])
  expect(stage.kinds('model-refused')).toEqual([expect.objectContaining({ code: 'MODEL_SERIES_DIFFERS' })])
})

test('an alias given a series refuses even its first model when that is for another', async () => {
  await stage.promote(await stage.publish('another symbol'))
  const holder = await stage.started({ aliases: [{ alias: 'champion', series: bitcoin }] })
  expect(() => holder.of(bitcoin)).toThrow(expect.objectContaining({ code: 'NO_MODEL' }))
})
