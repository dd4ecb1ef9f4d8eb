import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { featureSet } from '#core/features'
import { exampleModelColumns, exampleModelJson } from '#core/model/testing'
import { exampleManifest } from '#core/registry/testing'
import { readConfig } from '#platform/config'
import { silentLogger } from '#platform/logging'
import { openObjectStore } from '#platform/objects'
import { openDatabase, PostgresCandleStore, PostgresModelRegistry, type Database } from '#platform/postgres'
import { bitcoin, history } from '../serving/series/__tests__/histories.ts'
import { openService, type Service } from '../serving/main/open-service.ts'
import { serveDefaults } from '../serving/main/serve-options.ts'

const home = mkdtempSync(join(tmpdir(), 'bullpen-serving-away-'))
// Reached by its address: to the service it is a database of another machine.
const url = `postgres://bullpen@localhost/postgres?host=${encodeURIComponent(join(home, 'postgres'))}`
const config = readConfig({ BULLPEN_HOME: join(home, 'service'), DATABASE_URL: url })
const candles = history(3, 320)
const notes: string[] = []
let database: Database

const openTheDatabase = (): Promise<Database> => openDatabase({ home, onNote: () => undefined })
const serve = (used = config): Promise<Service> =>
  openService(
    { ...serveDefaults, port: 0, candles: [], ratePerMinute: 0, noticeMs: 0, corsOrigins: [] },
    { config: used, logger: silentLogger, onNote: (text) => notes.push(text), signal: new AbortController().signal },
  )

async function ask(service: Service, request?: RequestInit): Promise<[number, unknown]> {
  const path = request ? '/v1/verdict' : '/v1/verdict?symbol=BTC/USDT&timeframe=4h'
  const response = await fetch(`${service.url}${path}`, request)
  const { model, probabilities } = (await response.json()) as Record<string, unknown>
  return [response.status, { model, probabilities }]
}

async function problem(service: Service, path: string): Promise<[status: number, code: string, detail: string]> {
  const response = await fetch(`${service.url}${path}`)
  const { code = 'none', detail = '' } = (await response.json()) as { code?: string; detail?: string }
  return [response.status, code, detail]
}

/** The caller's own history. */
const ownHistory: RequestInit = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    symbol: bitcoin.symbol,
    timeframe: '4h',
    candles: candles.map((candle) => ({ ...candle, openTime: new Date(candle.openTime).toISOString() })),
  }),
}

beforeAll(async () => {
  database = await openTheDatabase()
  const objects = openObjectStore({ url: config.objects, home: config.home })
  const content = new TextEncoder().encode(JSON.stringify(exampleModelJson('away')))
  const model = { sha256: await objects.put(content), bytes: content.byteLength, format: 'xgboost-json' } as const
  const set = featureSet('reference')
  const policy = { kind: 'argmax' } as const
  const contract = { featureSet: set.name, featureSetHash: set.hash, columns: exampleModelColumns, policy }
  const registry = new PostgresModelRegistry(database)
  const { version } = await registry.publish(exampleManifest('away', { model, contract }))
  await registry.moveAlias('champion', version, 'test', { override: { reason: 'test', by: 'test' } })
  await new PostgresCandleStore(database).import(bitcoin.symbol, bitcoin.widthMs, candles, Date.now())
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true })
})

test('a service started while the database is away answers with the model that answered last, and follows when it is back', async () => {
  const first = await serve()
  const before = await ask(first)
  expect(before[0]).toBe(200)
  await first.close()
  await database.close()

  const service = await serve()
  expect(notes.at(-1)).toMatch(/going on without it$/)
  expect(await ask(service, ownHistory)).toEqual(before)
  // Its candles are in the database: it says so, and not that nobody serves the series.
  const whole = '/v1/verdict?symbol=BTC/USDT&timeframe=4h'
  for (const path of [whole, '/v1/verdict', '/v1/candles', '/predict']) {
    expect([path, await problem(service, path)]).toEqual([path, [503, 'CANDLES_UNAVAILABLE', expect.any(String)]])
  }
  const [status, code, detail] = await problem(service, '/ready')
  expect([status, code]).toEqual([503, 'NOT_READY'])
  expect(detail).toMatch(/candles of BTC\/USDT 4h cannot be read now \(DATABASE_UNAVAILABLE\)/)
  expect(detail).not.toContain(home)

  // Without a cache it does not even know its model, and says that.
  const without = await serve({ ...config, home: join(home, 'without') })
  expect(await problem(without, '/v1/verdict')).toEqual([503, 'CHAMPION_UNKNOWN', expect.any(String)])
  expect((await problem(without, whole))[1]).toBe('CHAMPION_UNKNOWN')
  expect((await problem(without, '/ready'))[2]).toMatch(/which version is champion cannot be found out now/)
  await without.close()

  database = await openTheDatabase()
  let answer = await ask(service)
  while (answer[0] !== 200) answer = await ask(service)
  expect(answer).toEqual(before)
  await service.close()
})
