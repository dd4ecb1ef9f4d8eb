import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Queue } from 'bullmq'
import type { Agent, LeasedTask, RouteLoad } from '#core/protocol'
import { RedisServer } from '#platform/queue/testing'
import { clusterStatus } from '../../cluster/index.ts'
import { RunMetricsRecorder } from '../../run-metrics.ts'
import { openAdminPort, type AdminPort, type AdminSources } from '../index.ts'
import { metricTable } from '../metrics.ts'
import { parsePrometheus } from './parse-prometheus.ts'

const token = 'the-token-of-this-test'
const bearer = { authorization: `Bearer ${token}` }
const notes: string[] = []
let port: AdminPort | undefined

beforeEach(() => {
  notes.length = 0
})
afterEach(async () => {
  await port?.close()
  port = undefined
})

async function open(sources: Partial<AdminSources> = {}, host?: string): Promise<string> {
  port = await openAdminPort({
    port: 0,
    token,
    sources: { runs: () => [], ...sources },
    onNote: (text) => notes.push(text),
    partTimeoutMs: 100,
    ...(host === undefined ? {} : { host }),
  })
  return port.url
}

function runInSearch(): RunMetricsRecorder {
  const run = new RunMetricsRecorder()
  const best = { number: 0, score: 0.81, naive: 0.77 }
  run.onProgress({ kind: 'run', runId: '20200101-120000-1f3a9c', resumed: false })
  run.onProgress({ kind: 'stage-start', stage: 'search' })
  run.onProgress({ kind: 'trial', number: 0, trials: 12, state: 'complete', score: 0.81, best })
  run.onTasks({ ...run.tasks, tasks: 9, failed: 2, recorded: 4 })
  return run
}

const agent: Agent = {
  id: 'one-1-a',
  host: 'one',
  pid: 1,
  route: 'train-x',
  threads: 4,
  cores: 4,
  memoryBytes: 1,
  engine: 'native 1.7.4',
  versions: {},
  price: null,
  state: 'running',
  busy: 3,
  done: 7,
  failed: 0,
  joinedAt: 0,
  heartbeatAt: 99_000,
  leftAt: null,
  leftBecause: null,
}
const load: RouteLoad = { route: 'train-x', waiting: 40, leased: 3, finishedLastMinute: 55 }
const leasedAt = (at: number): LeasedTask => ({
  id: `r/t-${at}`,
  runId: 'r',
  kind: 'fold',
  worker: 'one-1-a',
  attempt: 1,
  leasedAt: at,
  meanMs: 1000,
})

test('every page, asset and unknown path refuses whoever has no token, the wrong one, or the wrong user', async () => {
  const redis = await RedisServer.start()
  const queue = new Queue('train-x', { connection: { url: redis.url } })
  const url = await open({ queues: () => Promise.resolve([queue]) })
  const html = await (await fetch(`${url}/queues/`, { headers: bearer })).text()
  const assets = [...html.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, path]) => `/queues/${path}`)
  expect(assets.length).toBeGreaterThan(2)
  const paths = ['/', '/metrics', '/status.json', '/health', '/queues', '/queues/api/queues', '/nothing', ...assets]
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const wrong = ['', 'Bearer', 'Bearer wrong', `Bearer ${token}x`, basic('bullpen:wrong'), basic(`root:${token}`)]
  for (const path of paths) {
    for (const authorization of wrong) {
      const response = await fetch(url + path, { headers: { authorization } })
      expect([path, authorization, response.status]).toEqual([path, authorization, 401])
      const body = await response.text()
      expect(JSON.parse(body)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
      expect(body).not.toContain(token)
    }
  }
  for (const path of assets) expect((await fetch(url + path, { headers: bearer })).status).toBe(200)
  const { headers } = await fetch(url)
  expect(headers.get('www-authenticate')).toMatch(/^Basic .*Bearer /)
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const browser = await fetch(url, { headers: { authorization: basic(`bullpen:${token}`) } })
  expect(await browser.text()).toContain('/queues/')
  await queue.close()
  await redis.stop()
})

test('the board lists a queue with its waiting job, and changes nothing', async () => {
  const redis = await RedisServer.start()
  const queue = new Queue('train-x', { connection: { url: redis.url } })
  await queue.add('fold', { ids: ['run/search/trial-0/fold-0'] })
  const url = await open({ queues: () => Promise.resolve([queue]) })
  const board = await (await fetch(`${url}/queues/api/queues?activeQueue=train-x`, { headers: bearer })).json()
  expect(board).toMatchObject({ queues: [{ name: 'train-x', counts: { waiting: 1 }, readOnlyMode: true }] })
  expect(JSON.stringify(board)).toContain('run/search/trial-0/fold-0')
  const emptying = await fetch(`${url}/queues/api/queues/train-x/empty`, { method: 'PUT', headers: bearer })
  expect(await emptying.json()).toMatchObject({ status: 405, code: 'READ_ONLY' })
  expect(await queue.getWaitingCount()).toBe(1)
  await queue.close()
  await redis.stop()
})

test('metrics parse, and tell of the run, the queue and the agents', async () => {
  const url = await open({
    runs: () => [runInSearch()],
    cluster: () =>
      clusterStatus(
        { list: () => Promise.resolve([agent]) },
        { load: () => Promise.resolve([load]), leased: () => Promise.resolve([leasedAt(90_000), leasedAt(99_999)]) },
        () => 100_000,
      ),
  })
  const response = await fetch(`${url}/metrics`, { headers: bearer })
  expect(response.headers.get('content-type')).toContain('version=0.0.4')
  const { samples, types } = parsePrometheus(await response.text())
  const run = 'run="20200101-120000-1f3a9c"'
  expect(samples).toMatchObject({
    'bullpen_up{part="coordinator"}': 1,
    'bullpen_up{part="postgres"}': 1,
    [`bullpen_run_info{${run},stage="search"}`]: 1,
    [`bullpen_run_trials{${run},state="complete"}`]: 1,
    [`bullpen_run_trials_planned{${run}}`]: 12,
    [`bullpen_run_tasks{${run},outcome="ok"}`]: 7,
    [`bullpen_run_tasks{${run},outcome="failed"}`]: 2,
    [`bullpen_run_best_score{${run}}`]: 0.81,
    [`bullpen_run_best_naive{${run}}`]: 0.77,
    'bullpen_queue_tasks{route="train-x",state="waiting"}': 40,
    'bullpen_agents{state="running"}': 1,
    'bullpen_agents{state="lost"}': 0,
    'bullpen_agent_threads_busy{agent="one-1-a",host="one"}': 3,
    bullpen_stragglers: 1,
  })
  expect(samples).toHaveProperty('nodejs_eventloop_lag_seconds')
  for (const [name] of metricTable) expect(types.get(name)).toBe('gauge')
})

test('a database that does not answer is a zero beside everything else', async () => {
  const redis = await RedisServer.start()
  const queue = new Queue('train-x', { connection: { url: redis.url } })
  const queues = () => Promise.resolve([queue])
  const url = await open({ runs: () => [runInSearch()], cluster: () => new Promise<never>(() => undefined), queues })
  const { samples } = parsePrometheus(await (await fetch(`${url}/metrics`, { headers: bearer })).text())
  expect(samples).toMatchObject({ 'bullpen_up{part="postgres"}': 0, 'bullpen_up{part="redis"}': 1 })
  expect(Object.keys(samples).join()).toContain('bullpen_run_best_score')
  expect(Object.keys(samples).join()).not.toContain('bullpen_agents')
  const health = await fetch(`${url}/health`, { headers: bearer })
  expect(health.status).toBe(503)
  expect(await health.json()).toEqual({ healthy: false, up: { coordinator: true, postgres: false, redis: true } })
  await queue.close()
  await redis.stop()
})

test('a server that refuses is down, and nothing of its error is shown', async () => {
  const refusal = () => Promise.reject(new Error('connect to postgres://me:secret@host refused'))
  const url = await open({ cluster: refusal, queues: refusal })
  const status = await (await fetch(`${url}/status.json`, { headers: bearer })).text()
  expect(JSON.parse(status)).toMatchObject({ up: { postgres: false, redis: false }, cluster: null })
  const board = await fetch(`${url}/queues/api/queues`, { headers: bearer })
  expect(board.status).toBe(500)
  expect(status + (await board.text())).not.toMatch(/secret|\bat /)
})

test('an error inside a page is a problem document without its text or a stack', async () => {
  const secretive = new RunMetricsRecorder(() => {
    throw new Error('postgres://me:secret@host')
  })
  secretive.onProgress({ kind: 'run', runId: 'r', resumed: false })
  Object.defineProperty(secretive, 'awayMs', {
    get: () => {
      secretive.onAway('x')
    },
  })
  const url = await open({ runs: () => [secretive] })
  const body = await (await fetch(`${url}/status.json`, { headers: bearer })).text()
  expect(JSON.parse(body)).toMatchObject({ status: 500, code: 'INTERNAL' })
  expect(body).not.toMatch(/secret|\bat /)
  expect(await (await fetch(`${url}/nothing`, { headers: bearer })).json()).toMatchObject({ code: 'PAGE_NOT_FOUND' })
  const bad = await fetch(`${url}/%zz`, { headers: bearer })
  expect(await bad.json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
})

test('an address that other machines can reach is said in one line, loopback is not', async () => {
  await open()
  expect(notes).toEqual([])
  await port?.close()
  await open({}, '0.0.0.0')
  expect(notes).toHaveLength(1)
  expect(notes[0]).toContain('other machines')
  expect(notes[0]).not.toContain(token)
})

test('a port that is taken is ADDRESS_UNAVAILABLE', async () => {
  const taken = Number(new URL(await open()).port)
  const sources = { runs: () => [] }
  const second = openAdminPort({ port: taken, token, sources, onNote: () => undefined })
  await expect(second).rejects.toMatchObject({ code: 'ADDRESS_UNAVAILABLE' })
})

test('close ends open connections and lets go of the port', async () => {
  const url = await open()
  const idle = request(`${url}/health`, { headers: { ...bearer, connection: 'keep-alive' } })
  const ended = new Promise((resolve) => idle.on('response', (response) => response.resume().on('close', resolve)))
  idle.end()
  await ended
  const whileOpen = listening()
  expect(whileOpen).toBeGreaterThan(0)
  await port?.close()
  // A handle is counted for some turns of the event loop after its end.
  while (listening() >= whileOpen) await new Promise(setImmediate)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

function listening(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length
}
