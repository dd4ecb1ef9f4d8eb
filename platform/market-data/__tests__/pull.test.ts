import { createServer, type Server } from 'node:http'
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { CandleSeries } from '#core/candles'
import { ExchangeBars, openCandleSource, type CandleSourceOptions } from '#platform/market-data'
import { connectExchange, type OhlcvExchange } from '../connect-exchange.ts'

const width = 14_400_000
const listed = Date.UTC(2020, 0, 2)
/** The exchange's clock: an hour into a bar, so that the newest one is not closed. */
const now = listed + 2500 * width + 3_600_000
const source = 'exchange:binance:BTC/USDT:4h'

/** What the server was asked and how it is to misbehave; new for each test. */
let asked: string[]
let failAt: (klines: number) => { status: number; body: object } | undefined
let server: Server
let home: string

/** The exchange's REST shape: klines are `[openTime, "o", "h", "l", "c", "v", ...]`, at most 1,000 a page. */
function answer(url: URL): { status: number; body: unknown } {
  if (url.pathname === '/api/v3/time') return { status: 200, body: { serverTime: now } }
  if (url.pathname === '/api/v3/exchangeInfo') return { status: 200, body: { symbols: [market] } }
  asked.push(url.searchParams.get('startTime') ?? '')
  const failure = failAt(asked.length)
  if (failure) return failure
  const from = Math.max(Number(url.searchParams.get('startTime')), listed)
  const limit = Number(url.searchParams.get('limit'))
  const body = []
  for (let time = Math.ceil(from / width) * width; time <= now && body.length < limit; time += width) {
    const price = (time - listed) / width + 7000
    body.push([
      time,
      `${price}.5`,
      `${price + 2}`,
      `${price}`,
      `${price + 1}`,
      '1.25',
      time + width - 1,
      '0',
      1,
      '0',
      '0',
      '0',
    ])
  }
  return { status: 200, body }
}

const busy = { status: 429, body: { code: -1003, msg: 'Too many requests.' } }

const market = {
  symbol: 'BTCUSDT',
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  isSpotTradingAllowed: true,
  permissions: ['SPOT'],
  filters: [],
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pulls-'))
  server = createServer((request, response) => {
    const { status, body } = answer(new URL(request.url ?? '', 'http://localhost'))
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(home, { recursive: true })
})
beforeEach(async () => {
  asked = []
  failAt = () => undefined
  await rm(join(home, 'pulls'), { recursive: true, force: true })
})

/** ccxt's own binance, pointed at the local server; it would otherwise also ask for the futures markets. */
async function connect(name: string): Promise<OhlcvExchange> {
  const exchange = (await connectExchange(name)) as OhlcvExchange & {
    urls: { api: Record<string, string> }
    options: Record<string, unknown>
  }
  const { port } = server.address() as AddressInfo
  exchange.urls.api.public = `http://127.0.0.1:${port}/api/v3`
  Object.assign(exchange.options, {
    fetchMarkets: { types: ['spot'] },
    maxRetriesOnFailure: 1,
    maxRetriesOnFailureDelay: 1,
  })
  return exchange
}

function pull(over: Partial<CandleSourceOptions> & { readonly text?: string } = {}): Promise<CandleSeries> {
  return openCandleSource(over.text ?? source, { home, since: listed, connect, ...over })
}

test('every closed bar is pulled page by page, and the one still forming is left out', async () => {
  const heard: (number | undefined)[] = []
  const series = await pull({ onProgress: (_, fraction) => heard.push(fraction) })
  expect(series).toMatchObject({ symbol: 'BTC/USDT', widthMs: width, rows: 2500, gaps: [], duplicatesDropped: 0 })
  expect([series.openTime[0], series.openTime[2499]]).toEqual([listed, listed + 2499 * width])
  expect([series.open[1], series.high[1], series.low[1], series.close[1], series.volume[1]]).toEqual([
    7001.5, 7003, 7001, 7002, 1.25,
  ])
  expect(asked).toEqual([0, 1000, 2000].map((bars) => String(listed + bars * width)))
  expect(heard.map((fraction) => fraction?.toFixed(2))).toEqual(['0.40', '0.80', '1.00'])
  expect(await readdir(join(home, 'pulls'))).toEqual([])
})

test('a stopped pull keeps its pages and the next one goes on from them', async () => {
  const controller = new AbortController()
  const stopped = pull({
    signal: controller.signal,
    onProgress: () => {
      controller.abort()
    },
  })
  await expect(stopped).rejects.toMatchObject({ code: 'PULL_INTERRUPTED', details: { rows: 1000 } })
  const [name] = await readdir(join(home, 'pulls'))
  expect(name).toBe('binance-BTC-USDT-4h-2020-01-02T00-00-00Z.jsonl')
  await appendFile(join(home, 'pulls', name!), '[1577923')

  asked = []
  const said: string[] = []
  expect((await pull({ onProgress: (text) => said.push(text) })).rows).toBe(2500)
  expect(asked[0]).toBe(String(listed + 1000 * width))
  expect(said[0]).toBe(`${source}: going on after 1000 bars kept earlier`)
})

test('an exchange that fails for a moment is asked again', async () => {
  failAt = (klines) => (klines === 2 ? busy : undefined)
  expect((await pull()).rows).toBe(2500)
  expect(asked).toHaveLength(4)
})

test('an exchange that stays away leaves what it gave for the next pull', async () => {
  failAt = (klines) => (klines > 1 ? busy : undefined)
  await expect(pull()).rejects.toMatchObject({ code: 'EXCHANGE_UNREACHABLE', retryable: true })
  const [name] = await readdir(join(home, 'pulls'))
  expect((await readFile(join(home, 'pulls', name!), 'utf8')).split('\n')).toHaveLength(1002)
})

test('what the exchange does not have is refused with its own words', async () => {
  await expect(pull({ text: 'exchange:binance:NO/SUCH:4h' })).rejects.toMatchObject({
    code: 'EXCHANGE_REFUSED',
    message: 'binance refused: BadSymbol: binance does not have market symbol NO/SUCH',
  })
  await expect(pull({ text: 'exchange:binance:BTC/USDT:7h' })).rejects.toThrow('there is no width at binance 7h')
  await expect(pull({ text: 'exchange:nowhere:BTC/USDT:4h' })).rejects.toThrow('there is no exchange nowhere')
  expect(asked).toEqual([])
})

test('a pull needs to know where to begin', async () => {
  await expect(openCandleSource(source, { home, connect })).rejects.toThrow('say from when, e.g. --since 2020-01-01')
})

test('a history that begins later than asked for is said so', async () => {
  const said: string[] = []
  const series = await pull({ since: Date.UTC(2019, 11, 25), onProgress: (text) => said.push(text) })
  expect(series.rows).toBe(2500)
  expect(said.at(-1)).toBe(`${source}: the exchange has nothing before 2020-01-02T00:00:00Z`)
})

test('newly closed bars are asked for again and again over one connection, and anew after a failure', async () => {
  let connections = 0
  const bars = new ExchangeBars('binance', (name) => {
    connections += 1
    return connect(name)
  })
  const recent = await bars.since('BTC/USDT', width, listed + 2498 * width)
  expect(recent.map(({ openTime, close }) => [(openTime - listed) / width, close])).toEqual([
    [2498, 9499],
    [2499, 9500],
  ])
  expect(await bars.since('BTC/USDT', width, listed + 2500 * width)).toEqual([])
  expect(connections).toBe(1)
  failAt = () => busy
  await expect(bars.since('BTC/USDT', width, listed)).rejects.toMatchObject({ code: 'EXCHANGE_UNREACHABLE' })
  failAt = () => undefined
  expect(await bars.since('BTC/USDT', width, listed + 2499 * width)).toHaveLength(1)
  expect(connections).toBe(2)
})
