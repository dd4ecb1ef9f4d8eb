import autocannon from 'autocannon'
import fastify from 'fastify'
import { toCandles, type Candle } from '#core/candles'
import { openClient, type Client } from '#client'
import { openCandleSource } from '#platform/market-data'
import { nextCandle, startService, walkWidthMs, type StartedService } from '../serving/testing/index.ts'
import { machine } from './machine.ts'
import { threadMicroseconds } from './thread-time.ts'

/**
 * `npm run bench:serving [-- SECONDS]`: a service in this process, with embedded PostgreSQL, the sample candles and a
 * model trained on them, its guards and metrics on; autocannon in a thread of its own is the load.
 * Target: GET /v1/verdict at 0.7 of the requests of a bare Fastify route that returns a constant of the same size.
 */
const seconds = Number(process.argv[2] ?? 6)
/** So high that nothing is refused, while every request is counted. */
const ratePerMinute = 1e9

console.log(machine())
const candles = await recentCandles()
const service = await startService({ candles, settings: { ratePerMinute, shedAboveMs: 10_000 } })
try {
  print('start to ready, candles and model stored', `${service.startMs.toFixed(0)} ms`)
  await compareThroughput(service.url)
  await latencyAt(500, service.url)
  await ownCandles(service)
  await candleToVerdict(service)
  await memoryOver(200_000, service.url)
  console.log(machine())
} finally {
  await service.stop()
}

/** The sample, moved so that its last bar closed 100 bars ago. */
async function recentCandles(): Promise<Candle[]> {
  const sample = toCandles(await openCandleSource('sample:btcusdt-4h', { home: '.bullpen' }))
  const end = (Math.floor(Date.now() / walkWidthMs) - 100) * walkWidthMs
  const shift = end - sample.at(-1)!.openTime
  return sample.map((candle) => ({ ...candle, openTime: candle.openTime + shift }))
}

/**
 * Turns of the two, so that what else the machine does meets both; the best of each counts. Beside the requests of a
 * second stands the processor time of the thread that answers, which says the same on a machine that is busy otherwise.
 */
async function compareThroughput(url: string): Promise<void> {
  const body = (await (await fetch(`${url}/v1/verdict`)).json()) as object
  const bare = fastify()
  bare.get('/', () => body)
  const bareUrl = await bare.listen({ host: '127.0.0.1', port: 0 })
  const turns = { bare: [] as Turn[], verdict: [] as Turn[] }
  // The first turn is the compiler's.
  for (let turn = 0; turn < 5; turn++) {
    const [a, b] = [await measured(bareUrl), await measured(`${url}/v1/verdict?symbol=BTC/USDT&timeframe=4h`)]
    if (turn === 0) continue
    turns.bare.push(a)
    turns.verdict.push(b)
  }
  await bare.close()
  const most = (of: readonly Turn[]): number => Math.max(...of.map(({ perSecond }) => perSecond))
  const least = (of: readonly Turn[]): number => Math.min(...of.map(({ microseconds }) => microseconds))
  for (const [what, of] of [
    ['bare route, same size', turns.bare] as const,
    ['GET /v1/verdict', turns.verdict] as const,
  ]) {
    print(what, `${most(of).toFixed(0)} requests/s, ${least(of).toFixed(1)} µs of its thread each`)
  }
  print('ratio of requests/s (target 0.7)', (most(turns.verdict) / most(turns.bare)).toFixed(2))
  print('ratio of processor time', (least(turns.bare) / least(turns.verdict)).toFixed(2))
}

interface Turn {
  readonly perSecond: number
  /** Processor time of this thread for a request; NaN where the system does not tell. */
  readonly microseconds: number
}

async function measured(url: string): Promise<Turn> {
  const before = threadMicroseconds()
  const { requests, non2xx, errors } = await load(url, seconds)
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} refusals, ${errors} errors`)
  return { perSecond: requests.average, microseconds: (threadMicroseconds() - before) / requests.total }
}

async function latencyAt(rate: number, url: string): Promise<void> {
  const { latency } = await load(`${url}/v1/verdict`, seconds, { overallRate: rate, connections: 20 })
  print(`GET /v1/verdict at ${rate} requests/s`, `p50 ${latency.p50} ms, p99 ${latency.p99} ms`)
}

async function ownCandles({ url, candles }: StartedService): Promise<void> {
  const client = openClient({ url })
  const own = candles.slice(-1500).map((candle) => ({ ...candle }))
  const times = await timesOf(60, () => client.verdictFor({ candles: own }))
  print('POST /v1/verdict with 1,500 candles', shown(times))
}

async function candleToVerdict(service: StartedService): Promise<void> {
  const client = openClient({ url: service.url, key: await service.key('write') })
  const times: number[] = []
  let candle = service.candles.at(-1)!
  let sentAt = 0
  const stop = new AbortController()
  const send = async (by: Client): Promise<void> => {
    candle = nextCandle(candle, 0.002 * Math.sin(times.length))
    sentAt = performance.now()
    await by.sendCandles({ symbol: 'BTC/USDT', timeframe: '4h', candles: [{ ...candle }] })
  }
  for await (const event of client.events({ signal: stop.signal, onOpen: () => void send(client) })) {
    if (event.kind !== 'verdict') continue
    times.push(performance.now() - sentAt)
    if (times.length === 60) break
    await send(client)
  }
  stop.abort()
  print('candle sent to verdict on SSE', shown(times.slice(10)))
}

async function memoryOver(requests: number, url: string): Promise<void> {
  const settled = (): number => {
    globalThis.gc?.()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  await load(`${url}/v1/verdict`, 1, { amount: 20_000 })
  const marks = [settled()]
  for (let part = 0; part < 4; part++) {
    await load(`${url}/v1/verdict`, 1, { amount: requests / 4 })
    marks.push(settled())
  }
  print(`heap over ${requests} requests`, `${marks.map((mark) => mark.toFixed(1)).join(', ')} MiB`)
}

function load(url: string, duration: number, more: Partial<autocannon.Options> = {}): Promise<autocannon.Result> {
  return autocannon({ url, duration, connections: 50, workers: 1, ...more })
}

async function timesOf(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count + 10; i++) {
    const startedAt = performance.now()
    await work()
    if (i >= 10) times.push(performance.now() - startedAt)
  }
  return times
}

function shown(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(44)} ${figure}`)
}
