import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { sha256 } from '#core/hashing'
import { publishModel } from '#core/registry'
import { exampleDecision, exampleManifest, firstVersion } from '#core/registry/testing'
import {
  MemoryDriftActions,
  MemoryModelRegistry,
  MemoryObjectStore,
  MemoryRentalLedger,
  MemoryRunStore,
} from '#platform/memory'
import { addModelCommands } from '../models.ts'

let registry: MemoryModelRegistry
let objects: MemoryObjectStore
let actions: MemoryDriftActions
let runs: MemoryRunStore
let now: number
let values: unknown[]
let printed: readonly string[]

beforeEach(async () => {
  now = Date.UTC(2020, 0, 1)
  registry = new MemoryModelRegistry(() => now)
  objects = new MemoryObjectStore()
  actions = new MemoryDriftActions()
  runs = new MemoryRunStore()
  values = []
  for (const version of [1, 2, 3]) {
    const publication = version === 1 ? { decision: { ...firstVersion, text: 'first' } } : undefined
    const bytes = new TextEncoder().encode(`{"v":${version}}`)
    const model = { sha256: sha256(bytes), bytes: bytes.byteLength, format: 'xgboost-json' } as const
    await publishModel({ registry, objects }, bytes, exampleManifest(`run ${version}`, { model }), publication)
  }
})

async function bullpen(...args: string[]): Promise<unknown> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  addModelCommands(program, {
    workshop: {
      registry: () => Promise.resolve(registry),
      objects: () => objects,
      driftActions: () => Promise.resolve(actions),
      runs: () => Promise.resolve(runs),
      rentals: () => Promise.resolve(new MemoryRentalLedger()),
    },
    now: () => now,
    answer: (value, lines) => {
      values.push(value)
      printed = lines(value)
    },
  })
  await program.parseAsync(['models', ...args], { from: 'user' })
  return values.at(-1)
}

test('list names every version, newest first, with its aliases', async () => {
  expect(await bullpen('list')).toMatchObject([
    { version: 3, aliases: [] },
    { version: 2, aliases: [] },
    { version: 1, aliases: ['champion'] },
  ])
  expect(printed[2]).toBe('1  2020-01-01T00:00:00Z  BTC/USDT 4h  AUC 0.8300 (lift -0.0100)  champion')
})

test('list of an empty registry says what makes a first version', async () => {
  registry = new MemoryModelRegistry()
  expect(await bullpen('list')).toEqual([])
  expect(printed).toEqual(['no model is registered yet: bullpen weekly makes the first'])
})

test('show finds by number, by alias and by time', async () => {
  now += 86_400_000
  await bullpen('promote', '3', '--override', 'better')
  expect(await bullpen('show')).toMatchObject({ version: 3 })
  expect(await bullpen('show', '2')).toMatchObject({ version: 2, manifest: { runId: 'run 2' } })
  expect(printed[0]).toBe('version 2, registered 2020-01-01T00:00:00Z, from run run 2')
  expect(await bullpen('show', 'champion', '--at', '2020-01-01T12:00')).toMatchObject({ version: 1 })
})

test('promote, rollback and history move an alias and tell how it moved', async () => {
  expect(await bullpen('promote', '3', '--override', 'as agreed')).toMatchObject({ version: 3, kind: 'move' })
  expect(await bullpen('promote', 'champion', '--alias', 'shadow')).toMatchObject({ alias: 'shadow', version: 3 })
  expect(await bullpen('rollback')).toMatchObject({ alias: 'champion', version: 1, kind: 'rollback' })
  await bullpen('history')
  expect(printed).toEqual([
    '2020-01-01T00:00:00Z  champion moved to 1  first',
    `2020-01-01T00:00:00Z  champion moved to 3  promoted by hand  OVERRIDE by ${userInfo().username}: as agreed`,
    '2020-01-01T00:00:00Z  champion rolled back to 1  rolled back by hand',
  ])
})

test.each([
  [['show', '9'], 'MODEL_VERSION_NOT_FOUND'],
  [['show', 'shadow'], 'UNKNOWN_NAME'],
  [['show', 'shadow', '--at', '2020-01-01'], 'UNKNOWN_NAME'],
  [['show', 'champion', '--at', '2019-01-01'], 'USAGE'],
  [['show', 'champion', '--at', 'yesterday'], 'USAGE'],
  [['show', '1', '--at', '2020-01-01'], 'USAGE'],
  [['promote', '9'], 'MODEL_VERSION_NOT_FOUND'],
  [['promote', '1', '--alias', 'No'], 'ALIAS_INVALID'],
  [['promote', '2'], 'PROMOTION_REFUSED'],
  [['promote', '2', '--override', ' '], 'USAGE'],
  [['rollback'], 'NO_EARLIER_VERSION'],
  [['rollback', '--alias', 'shadow'], 'UNKNOWN_NAME'],
  [['history', '--alias', 'shadow'], 'UNKNOWN_NAME'],
])('models %j fails with %s', async (args, code) => {
  await expect(bullpen(...args)).rejects.toMatchObject({ code })
  expect(values).toEqual([])
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bullpen-models-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('export writes the model as it was registered and its manifest beside it', async () => {
  const out = join(folder, 'deep', 'v2.json')
  const beside = join(folder, 'deep', 'v2.manifest.json')
  expect(await bullpen('export', '2', '--out', out)).toEqual({
    version: 2,
    sha256: sha256('{"v":2}'),
    model: out,
    manifest: beside,
  })
  expect(readFileSync(out, 'utf8')).toBe('{"v":2}')
  expect(JSON.parse(readFileSync(beside, 'utf8'))).toMatchObject({ version: 2, manifest: { runId: 'run 2' } })
})

test('export of a damaged object writes nothing', async () => {
  objects.damage(sha256('{"v":1}'), new TextEncoder().encode('{"v":9}'))
  const exporting = bullpen('export', 'champion', '--out', join(folder, 'v1.json'))
  await expect(exporting).rejects.toMatchObject({ code: 'OBJECT_CORRUPT' })
  expect(readdirSync(folder)).toEqual([])
})

test('export to a place that cannot be written says so', async () => {
  await expect(bullpen('export', '1', '--out', folder)).rejects.toMatchObject({ code: 'USAGE' })
  expect(existsSync(`${folder}.manifest.json`)).toBe(false)
})

test('an export whose manifest cannot be written takes the model back', async () => {
  mkdirSync(join(folder, 'v1.manifest.json'))
  await expect(bullpen('export', '1', '--out', join(folder, 'v1.json'))).rejects.toMatchObject({ code: 'USAGE' })
  expect(readdirSync(folder)).toEqual(['v1.manifest.json'])
})

test('decisions tell what the gate said of each version and who overrode it', async () => {
  const text = 'only 10 rows are new to both: 90 more'
  const refused = exampleDecision(1, { promoted: false, reason: 'too-few-rows', text })
  await registry.publish(exampleManifest('run 4'), { decision: refused })
  await bullpen('promote', '4', '--override', 'as agreed')
  expect(await bullpen('decisions')).toMatchObject([{ challenger: 1 }, { challenger: 4 }, { challenger: 4 }])
  expect(printed).toEqual([
    '2020-01-01T00:00:00Z  version 1 against nobody: promoted (first-version), first',
    `2020-01-01T00:00:00Z  version 4 against version 1: refused (too-few-rows), ${text}`,
    `2020-01-01T00:00:00Z  version 4 against version 1: promoted by ${userInfo().username} (override), as agreed`,
  ])
  await bullpen('decisions', '--alias', 'shadow')
  expect(printed).toEqual(['the gate has judged no version yet: every run ends with a decision'])
})

test('a demotion is shown, and the version reinstated once with a reason and a name', async () => {
  const demotion = { kind: 'hold-only', version: 1, symbol: 'BTC/USDT', widthMs: 14_400_000, at: now } as const
  await actions.record({ ...demotion, reason: 'return beyond its limit' })
  await expect(bullpen('reinstate', '1', '--why', ' ')).rejects.toMatchObject({ code: 'USAGE' })
  expect(await bullpen('reinstate', 'champion', '--why', 'a wrong feed')).toEqual({ version: 1, reinstated: 1 })
  expect(await bullpen('drift')).toMatchObject({
    version: 1,
    actions: [{ kind: 'hold-only', reinstated: { by: userInfo().username, why: 'a wrong feed' } }],
  })
  expect(printed[0]).toMatch(
    /^2020-01-01T00:00:00Z {2}hold-only {2}BTC\/USDT 4h {2}return beyond its limit; reinstated .* a wrong feed$/,
  )
  await expect(bullpen('reinstate', '1', '--why', 'again')).rejects.toMatchObject({ code: 'NOT_DEMOTED' })
})
