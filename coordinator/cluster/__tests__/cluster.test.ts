import { expect, test } from '@jest/globals'
import { trainingRoute, type Agent } from '#core/protocol'
import { clusterStatus, queueUrl, statusLines, trainingOffers, waitForWorkers } from '../index.ts'

const native = { name: 'native', version: '1.7.4' } as const
const wasm = { name: 'wasm', version: '0.9.0' } as const
const hour = 3_600_000

const agent = (more: Partial<Agent> = {}): Agent => ({
  id: 'a-1',
  host: 'a',
  pid: 1,
  route: trainingRoute(native),
  threads: 4,
  cores: 4,
  memoryBytes: 1,
  engine: 'native 1.7.4',
  versions: {},
  price: null,
  state: 'running',
  busy: 1,
  done: 5,
  failed: 0,
  joinedAt: 0,
  heartbeatAt: 2 * hour,
  leftAt: null,
  leftBecause: null,
  ...more,
})

test('the engine most threads of running agents with this code have is offered first', () => {
  const offers = trainingOffers([
    agent({ route: trainingRoute(wasm), engine: 'wasm 0.9.0', threads: 6 }),
    agent({ state: 'lost', threads: 64 }),
    agent({ route: 'train-p0-native-1.7.4-00000000', threads: 64 }),
    agent({ route: 'own-p1-x', engine: '', threads: 64 }),
    agent(),
    agent({ host: 'b' }),
  ])
  expect(offers).toMatchObject([
    { engine: native, agents: 2, hosts: 2, threads: 8 },
    { engine: wasm, agents: 1, hosts: 1, threads: 6 },
  ])
})

const waiting = (more: object) => ({
  agents: () => Promise.resolve([agent(), agent({ route: trainingRoute(wasm), engine: 'wasm 0.9.0', threads: 64 })]),
  choice: 'auto',
  limitMs: 0,
  note: () => undefined,
  signal: new AbortController().signal,
  pollMs: 1,
  ...more,
})

test('a pinned or chosen engine is kept to', async () => {
  expect(await waitForWorkers(waiting({}))).toMatchObject({ engine: wasm })
  expect(await waitForWorkers(waiting({ choice: 'native' }))).toMatchObject({ engine: native })
  expect(await waitForWorkers(waiting({ pinned: native }))).toMatchObject({ engine: native })
  const other = { name: 'native', version: '3.0.0' }
  await expect(waitForWorkers(waiting({ pinned: other }))).rejects.toMatchObject({ code: 'NO_WORKERS' })
})

test('agents that come later are waited for, which is said', async () => {
  const notes: string[] = []
  let looks = 0
  const agents = () => Promise.resolve(looks++ < 3 ? [] : [agent()])
  const found = await waitForWorkers(waiting({ agents, limitMs: 60_000, note: (text: string) => notes.push(text) }))
  expect(found.threads).toBe(4)
  expect(notes).toEqual([
    'no agent serves training with any engine yet: waiting up to 1 min 00 s for one',
    'engine: native 1.7.4, which most threads of the fleet have: 4 threads of 1 agent on 1 host',
  ])
})

test('a queue address comes from the option, else from the environment, and never shows a password', () => {
  expect(queueUrl(undefined, undefined)).toBeUndefined()
  expect(queueUrl(undefined, 'redis://:secret@h')).toBe('redis://:secret@h')
  expect(queueUrl('redis://h', 'redis://:secret@h')).toBe('redis://h')
  expect(() => queueUrl('redis://:secret@h', undefined)).toThrow(/REDIS_URL/)
  expect(() => queueUrl('http://h', undefined)).toThrow(/--queue takes redis/)
})

test('the status adds up hosts, threads and cost, and names stragglers', async () => {
  const price = { perHour: 0.5, currency: 'EUR' }
  const gone = { state: 'left', joinedAt: 0, leftAt: hour, leftBecause: 'idle' } as const
  const agents = [agent({ price }), agent({ host: 'b', busy: 2 }), agent({ host: 'c', price, ...gone })]
  const leased = { runId: 'r', kind: 'fold', worker: 'a-1', attempt: 1, meanMs: 1000 }
  const status = await clusterStatus(
    { list: () => Promise.resolve(agents) },
    {
      load: () => Promise.resolve([{ route: 'train', waiting: 7, leased: 3, finishedLastMinute: 120 }]),
      leased: () =>
        Promise.resolve([
          { ...leased, id: 'r/slow', leasedAt: 2 * hour - 4001 },
          { ...leased, id: 'r/fine', leasedAt: 2 * hour - 4000 },
          { ...leased, id: 'r/unknown', leasedAt: 0, meanMs: null },
        ]),
    },
    () => 2 * hour,
  )
  expect(status).toMatchObject({ hosts: 2, threads: 8, busy: 3, tasksPerSecond: 2, cost: { EUR: 1.5 } })
  expect(status.stragglers.map(({ id }) => id)).toEqual(['r/slow'])
  expect(statusLines(status)).toEqual([
    '2 hosts  3/8 threads busy  2.0 tasks/s  1.50 EUR so far',
    'agent  a/1  running  1/4 busy  5 done  heard 0 ms ago  native 1.7.4  0.5 EUR/h, 1.00 so far',
    'agent  b/1  running  2/4 busy  5 done  heard 0 ms ago  native 1.7.4',
    'agent  c/1  left (idle)  1/4 busy  5 done  heard 0 ms ago  native 1.7.4  0.5 EUR/h, 0.50 so far',
    'queue  train  7 waiting, 3 running, 120 in the last minute',
    'slow   r/slow  4.0 s, others of its kind take 1.0 s; attempt 1 on a-1',
  ])
})
