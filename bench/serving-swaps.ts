/**
 * `npm run bench:swaps`: 100 promotions under 1,000 requests a second against a whole service on the embedded
 * PostgreSQL, every fifth of a model that is corrupted, of another schema or of other features; then 20 rollbacks.
 * Ends with status 1 when a request failed or a bad model answered.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { readConfig } from '#platform/config'
import { silentLogger } from '#platform/logging'
import { openObjectStore } from '#platform/objects'
import { openDatabase, PostgresModelRegistry } from '#platform/postgres'
import { openService } from '../serving/main/open-service.ts'
import { serveDefaults } from '../serving/main/serve-options.ts'
import { LoopHolds } from './loop-holds.ts'
import { machine } from './machine.ts'
import { swapFaults, swapModel, type SwapFault } from './swap-models.ts'
import type { SwapAnswers, SwapRequests } from './swap-requests.ts'

const swaps = 100
const perSecond = 1000
/** Rounds of three trees each. */
const rounds = 300
/** Between two promotions, ms. */
const pauseMs = 100

const home = mkdtempSync(join(tmpdir(), 'bullpen-swaps-'))
const config = readConfig({ BULLPEN_HOME: home })
const objects = openObjectStore({ url: config.objects, home })
// The commands of somebody else: another pool of connections, as another process has.
const database = await openDatabase({ home, onNote: () => undefined })
const registry = new PostgresModelRegistry(database)

async function publish(run: string, fault?: SwapFault): Promise<number> {
  const { content, manifest } = swapModel(run, rounds, fault)
  const name = await objects.put(content)
  if (fault === 'corrupted') writeFileSync(join(config.objects, name.slice(0, 2), name.slice(2)), 'damaged')
  return (await registry.publish(manifest)).version
}

async function promote(version: number): Promise<void> {
  await registry.moveAlias('champion', version, 'bench', { override: { reason: 'bench', by: 'bench' } })
}

const sound = new Set<number>()
const bad = new Set<number>()
for (let i = 0; i <= swaps; i++) {
  const isBad = i % 5 === 4 && bad.size < swaps / 5
  const version = await publish(`swap-${i}`, isBad ? swapFaults[bad.size % swapFaults.length] : undefined)
  ;(isBad ? bad : sound).add(version)
}
await promote(1)

const service = await openService(
  { ...serveDefaults, port: 0, candles: ['sample:btcusdt-4h'], ratePerMinute: 0, noticeMs: 0, corsOrigins: [] },
  { config, logger: silentLogger, onNote: () => undefined, signal: new AbortController().signal },
)

/** Resolves when the service has swapped to a version, or refused it, with the time of it. */
const waiting = new Map<number, (at: number) => void>()
service.parts.events.on((event) => {
  if (event.kind !== 'model' && event.kind !== 'model-refused') return
  waiting.get(event.version)?.(performance.now())
})
async function timed(version: number, move: () => Promise<unknown>): Promise<number> {
  const done = new Promise<number>((resolve) => waiting.set(version, resolve))
  await move()
  const committed = performance.now()
  const at = await done
  waiting.delete(version)
  return Math.max(0, at - committed)
}

const requests: SwapRequests = { url: `${service.url}/v1/verdict?symbol=BTC/USDT&timeframe=4h`, perSecond }
const thread = new Worker(new URL('./swap-requests.js', import.meta.url), { workerData: requests })
const answers = new Promise<SwapAnswers>((resolve, reject) => {
  thread.once('message', resolve)
  thread.once('error', reject)
})
await delay(1000)

const loop = new LoopHolds()
loop.start()
const times = { swap: [] as number[], refusal: [] as number[], rollback: [] as number[] }
for (let version = 2; version <= swaps + 1; version++) {
  const ms = await timed(version, () => promote(version))
  times[bad.has(version) ? 'refusal' : 'swap'].push(ms)
  await delay(pauseMs)
}
const back = [...sound].at(-1)!
for (let i = 0; i < 20; i++) {
  const here = [...sound].filter((version) => version !== back).at(-1 - i)!
  // Waited for: taken back before it answered, it would be no swap, and nothing would tell of it.
  await timed(here, () => promote(here))
  await delay(pauseMs)
  times.rollback.push(await timed(back, () => registry.rollback('champion', 'bench')))
  await delay(pauseMs)
}
const holds = loop.stop()
thread.postMessage('end')
const seen = await answers
await thread.terminate()
await service.close()
await database.close()
rmSync(home, { recursive: true })

const at = (values: readonly number[], share: number): string =>
  (values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? NaN).toFixed(1)
const row = (what: string, values: readonly number[]) => ({
  what,
  count: values.length,
  'p50, ms': at(values, 0.5),
  'p99, ms': at(values, 0.99),
  'longest, ms': at(values, 1),
})
const fromBad = Object.entries(seen.versions).filter(([version]) => !sound.has(Number(version)))
const failures = Object.values(seen.failed).reduce((sum, n) => sum + n, 0)
console.log(machine())
console.table([
  row('promotion committed to swapped', times.swap),
  row('promotion committed to refused', times.refusal),
  row('rollback committed to swapped', times.rollback),
  row('request due to answered', seen.times),
])
console.log(`${seen.requests} requests, ${failures} failed, ${fromBad.length} answers from a bad model`)
const longest = holds.reduce((a, b) => (a.ms > b.ms ? a : b))
console.log(
  `event loop held by the service itself: p99 ${at(
    holds.map(({ ranMs }) => ranMs),
    0.99,
  )} ms, longest ${holds.at(-1)!.ranMs.toFixed(0)} ms; models of ${rounds * 3} trees`,
)
console.log(
  `longest time without a turn: ${longest.ms.toFixed(0)} ms, in which its thread ran ${longest.ranMs.toFixed(0)} ms`,
)
if (failures > 0) console.log(seen.failed)
process.exitCode = failures + fromBad.length === 0 ? 0 : 1
