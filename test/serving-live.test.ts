import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDatabase, PostgresCandleStore, PostgresDriftActions, type Database } from '#platform/postgres'
import type { ServiceEvent } from '../serving/ports.ts'
import { startService, walkCandles, walkWidthMs, type StartedService } from '../serving/testing/index.ts'
import { bullpen } from './testing/command.ts'

// What reaches a running service from outside: bars of an exchange, candles and decisions that others store, signals.

const symbol = 'BTC/USDT'
const candles = walkCandles(702, Date.now())
/** What the exchange has got that the store has not, and after that what somebody else stores. */
const [polled, told] = candles.slice(-2) as [(typeof candles)[number], (typeof candles)[number]]
let service: StartedService
let database: Database

beforeAll(async () => {
  service = await startService({
    candles: candles.slice(0, -2),
    models: 2,
    bars: { since: () => Promise.resolve([polled]) },
  })
  database = await openDatabase({ home: service.home, onNote: () => undefined })
}, 120_000)
afterAll(async () => {
  await database.close()
  await service.stop()
})

/** The first event that fits, from now on. */
function heard<Event extends ServiceEvent>(fits: (event: ServiceEvent) => event is Event): Promise<Event> {
  return new Promise((tell) => {
    const stop = service.parts.events.on((event) => {
      if (!fits(event)) return
      stop()
      tell(event)
    })
  })
}

const verdictFor =
  (openTime: number) =>
  (event: ServiceEvent): event is ServiceEvent & { kind: 'verdict' } =>
    event.kind === 'verdict' && event.given.openTime === openTime
const swapTo =
  (version: number) =>
  (event: ServiceEvent): event is ServiceEvent & { kind: 'model' } =>
    event.kind === 'model' && event.version === version

async function answer(url = service.url) {
  const response = await fetch(`${url}/v1/verdict`)
  return (await response.json()) as {
    verdict: string
    candle: { openTime: string }
    model: { version: number }
    demoted?: { reason: string }
  }
}

test('a bar that the exchange has closed is stored and answered for', async () => {
  const newest = () => service.parts.book.candles({ symbol, widthMs: walkWidthMs }, 1)[0]!.openTime
  if (newest() < polled.openTime) await heard(verdictFor(polled.openTime))
  expect((await answer()).candle.openTime).toBe(new Date(polled.openTime).toISOString())
  const stored = await new PostgresCandleStore(database).read(symbol, walkWidthMs, { from: polled.openTime })
  expect(stored).toEqual([polled])
})

test('a candle that another process stores is told, and answered for before the store would be looked at', async () => {
  const asked = performance.now()
  const given = heard(verdictFor(told.openTime))
  await new PostgresCandleStore(database).import(symbol, walkWidthMs, [told], Date.now())
  await given
  expect(performance.now() - asked).toBeLessThan(12_000)
  expect((await answer()).candle.openTime).toBe(new Date(told.openTime).toISOString())
})

test('bullpen models rollback has the version before answer within a second of its end', async () => {
  const command = async (...args: string[]) => {
    const { status, stderr } = await bullpen(['models', ...args, '--json'], service.home)
    expect([status, stderr.replace(/^.*embedded.*\n/gm, '')]).toEqual([0, expect.any(String)])
    return performance.now()
  }
  const promoted = heard(swapTo(2))
  await command('promote', '2', '--override', 'to be taken back')
  await promoted
  const back = heard(swapTo(1)).then(() => performance.now())
  const ended = await command('rollback', '--reason', 'a test')
  expect((await back) - ended).toBeLessThan(1000)
  expect((await answer()).model.version).toBe(1)
}, 60_000)

test('every metric of the service that a page of the documentation names is scraped', async () => {
  const text = await (await fetch(`${service.url}/metrics`)).text()
  const scraped = new Set([...text.matchAll(/^# HELP (\S+) /gm)].map(([, name]) => name!))
  const pages = ['docs/operations.md', 'docs/serving.md', 'docs/trust.md'].map((path) => readFileSync(path, 'utf8'))
  const names = pages.join('\n').matchAll(/`((?:bullpen_(?:drift|model|data|verdicts|event|ready)|http_|cnt_)\w*)/g)
  const missing = [...names].map(([, name]) => name!).filter((name) => !scraped.has(name))
  expect(missing).toEqual([])
})

test('serve.js alone, started anew, answers with what drift left of the champion, and ends in order', async () => {
  const reason = 'return beyond its limit'
  await new PostgresDriftActions(database).record({
    kind: 'hold-only',
    version: 1,
    symbol,
    widthMs: walkWidthMs,
    at: Date.now(),
    reason,
  })
  const child = spawn(process.execPath, [resolve('dist/serving/main/serve.js'), '--port', '0', '--drain-notice', '0'], {
    env: { PATH: process.env['PATH'], BULLPEN_HOME: service.home },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await new Promise<string>((tell, fail) => {
    let text = ''
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const found = /^serving: (\S+) /m.exec(text)?.[1]
      if (found !== undefined) tell(found)
    })
    child.on('exit', (status) => {
      fail(new Error(`ended with ${String(status)}:\n${text}`))
    })
  })
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect(await answer(url)).toMatchObject({ verdict: 'hold', model: { version: 1 }, demoted: { reason } })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('bullpen_model_demoted{series="BTC/USDT 4h"} 1')
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
}, 60_000)
