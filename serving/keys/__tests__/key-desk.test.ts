import { expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { MemoryApiKeys } from '#platform/memory'
import { createKey, KeyDesk } from '../index.ts'
import { parseKey } from '../key-text.ts'

async function makeDesk(expiresAt: number | null = null) {
  const clock = { now: 1_000_000, asked: 0, isAway: false }
  const keys = new MemoryApiKeys(() => clock.now)
  const { key, text } = await createKey(keys, { name: 'a key', scope: 'write', expiresAt })
  const find = (id: string) => {
    clock.asked += 1
    if (clock.isAway) return Promise.reject(new BullpenError('DATABASE_UNAVAILABLE', { database: 'x', reason: 'gone' }))
    return keys.find(id)
  }
  const desk = new KeyDesk({ keys: { find }, now: () => clock.now, remembered: 3 })
  return { clock, desk, key, keys, text }
}

test('a key is asked for once, then recognised from memory until it is due again', async () => {
  const { clock, desk, text } = await makeDesk()
  expect(desk.recall(text)).toBeUndefined()
  expect(await desk.ask(text)).toMatchObject({ scope: 'write' })
  expect(desk.recall(text)).toMatchObject({ scope: 'write' })
  clock.now += 2001
  expect(desk.recall(text)).toBeUndefined()
  expect(clock.asked).toBe(1)
})

test('only the whole right secret is admitted', async () => {
  const { desk, text } = await makeDesk()
  await desk.ask(text)
  const wrong = `${text.slice(0, -2)}${text.endsWith('AA') ? 'BB' : 'AA'}`
  expect(() => desk.recall(wrong)).toThrow('not one of this service')
  for (const other of ['', 'bpk_', text.slice(0, -1), `${text}A`, text.toUpperCase()]) {
    await expect(desk.ask(other)).rejects.toMatchObject({ code: 'KEY_REFUSED' })
  }
})

test('a revoked key stops working once what is remembered of it is due', async () => {
  const { clock, desk, key, keys, text } = await makeDesk()
  await desk.ask(text)
  await keys.revoke(key.id)
  clock.now += 2001
  await expect(desk.ask(text)).rejects.toMatchObject({ code: 'KEY_REFUSED' })
  expect(() => desk.recall(text)).toThrow('revoked')
})

test('a key stops working the moment it expires', async () => {
  const { clock, desk, text } = await makeDesk(1_000_500)
  await desk.ask(text)
  clock.now = 1_000_500
  expect(() => desk.recall(text)).toThrow('expired')
})

test('while the store is away a known key works for five minutes, an unknown one does not', async () => {
  const { clock, desk, text, keys } = await makeDesk()
  await desk.ask(text)
  const { text: other } = await createKey(keys, { name: 'another', scope: 'read', expiresAt: null })
  clock.isAway = true
  clock.now += 60_000
  expect(await desk.ask(text)).toMatchObject({ scope: 'write' })
  await expect(desk.ask(other)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  clock.now += 300_000
  await expect(desk.ask(text)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})

test('what is remembered is bounded', async () => {
  const { desk, text } = await makeDesk()
  await desk.ask(text)
  for (let i = 0; i < 5; i++) {
    await desk.ask(`bpk_${String(i).padStart(12, 'a')}_${'A'.repeat(43)}`).catch(() => undefined)
  }
  expect(desk.recall(text)).toBeUndefined()
})

test('the store holds no secret', async () => {
  const { key, keys, text } = await makeDesk()
  expect(JSON.stringify(await keys.find(key.id))).not.toContain(parseKey(text)!.secret)
})
