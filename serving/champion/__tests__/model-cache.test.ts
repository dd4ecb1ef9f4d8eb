import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { sha256 } from '#core/hashing'
import { exampleManifest } from '#core/registry/testing'
import { bitcoin } from '../../series/__tests__/histories.ts'
import { ModelCache } from '../index.ts'
import { Stage } from './stage.ts'

let stage: Stage
let folder: string
beforeEach(() => {
  stage = new Stage()
  folder = join(stage.home, 'models')
})
afterEach(() => stage.close())

const bytesOf = (name: string): Uint8Array => new TextEncoder().encode(`model ${name}`)
function known(version: number) {
  const bytes = bytesOf(String(version))
  const model = { sha256: sha256(bytes), bytes: bytes.byteLength, format: 'xgboost-json' } as const
  return { serving: { version, manifest: exampleManifest(`run-${version}`, { model }) }, condemned: [] }
}
const models = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.model'))

/** Everything away from the start. */
async function startedAlone() {
  Object.assign(stage.away, { registry: true, objects: true })
  return stage.started({ startMs: 5 })
}

test('with everything away the model that answered last answers again after a restart', async () => {
  for (let i = 0; i < 2; i++) await stage.promote(await stage.publish())
  const holder = await stage.started()
  const row = (await stage.book()).recentFeatures(bitcoin, 1)[0]!
  const answer = holder.of(bitcoin).model.answer(row)
  await holder.close()
  const restarted = await startedAlone()
  expect(restarted.of(bitcoin).version).toBe(2)
  expect(restarted.of(bitcoin).model.answer(row)).toEqual(answer)
  Object.assign(stage.away, { registry: false, objects: false })
  await stage.promote(await stage.publish())
  await restarted.settled()
  expect(restarted.of(bitcoin).version).toBe(3)
})

test('a version in the cache needs no object store', async () => {
  await stage.promote(await stage.publish())
  await (await stage.started()).close()
  stage.away.objects = true
  expect((await stage.started()).of(bitcoin).version).toBe(1)
})

test.each<[string, (path: string) => void]>([
  [
    'cut short',
    (path: string) => {
      truncateSync(path, 100)
    },
  ],
  [
    'changed in one place',
    (path: string) => {
      writeFileSync(path, readFileSync(path, 'utf8').replace('1', '2'))
    },
  ],
  [
    'of another format',
    (path: string) => {
      writeFileSync(path, '{"format":99}')
    },
  ],
])('a file of the cache that was %s is not used', async (_, damage) => {
  await stage.promote(await stage.publish())
  const holder = await stage.started()
  await holder.close()
  const bytes = models().map((name) => readFileSync(join(folder, name)))
  for (const name of readdirSync(folder)) {
    damage(join(folder, name))
    const restarted = await startedAlone()
    expect(restarted.all()).toEqual([])
    await restarted.close()
    Object.assign(stage.away, { registry: false, objects: false })
    models().forEach((model, i) => {
      writeFileSync(join(folder, model), bytes[i]!)
    })
    await (await stage.started()).close()
  }
})

test('the models of all aliases are kept, and the newest others up to the limit', async () => {
  const cache = new ModelCache(folder, { limit: 3 })
  await cache.keep('ether', known(100), bytesOf('100'))
  for (let version = 1; version <= 5; version++) {
    await cache.keep('champion', known(version), bytesOf(String(version)))
  }
  expect(models()).toHaveLength(3)
  expect(await cache.alias('ether')).toEqual(known(100))
  for (const name of ['100', '5']) expect(await cache.bytes(sha256(bytesOf(name)))).not.toBeNull()
})

test('what was never kept, and what is no name, is missing', async () => {
  const cache = new ModelCache(folder)
  expect(await cache.alias('champion')).toBeNull()
  expect(await cache.bytes('../champion')).toBeNull()
  await expect(cache.alias('../etc')).rejects.toMatchObject({ code: 'ALIAS_INVALID' })
})

test('a model answers also when it cannot be kept', async () => {
  writeFileSync(folder, 'a file where the folder should be')
  await stage.promote(await stage.publish())
  const holder = await stage.started()
  expect(holder.of(bitcoin).version).toBe(1)
  expect(stage.lines.join('\n')).toMatch(/version 1 is not kept for a restart/)
})
