import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { featureSet } from '#core/features'
import { makeTask, trainingRoute, type Task, type TaskOutcome } from '#core/protocol'
import { silentLogger } from '#platform/logging'
import { MemoryFleet, MemoryObjectStore, MemoryTaskLedger } from '#platform/memory'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'
import { resolveEngine } from '#platform/xgboost'
import { foldTask } from '../../__tests__/fixtures/pool-fixture.ts'
import { openWorkerPool } from '../../worker-pool.ts'
import { agentFacts } from '../agent-facts.ts'
import { WorkerAgent } from '../worker-agent.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await RedisServer.start()
})
afterAll(() => redis.stop())

test('tasks of another protocol, engine or feature set that reach an agent all the same are refused once; it stays', async () => {
  const engine = await resolveEngine('wasm')
  const route = trainingRoute(engine.engine)
  const ledger = new MemoryTaskLedger()
  const objects = new MemoryObjectStore()
  const fleet = new MemoryFleet()
  const candles = await objects.put(new Uint8Array(8))
  const open = () => openTaskQueue({ url: redis.url, route, ledger, onNote: () => undefined, pollMs: 50 })
  const [producer, consumer] = await Promise.all([open(), open()])
  const facts = agentFacts({ route, threads: 1, engine: 'wasm', price: null, version: '1' })
  const agent = new WorkerAgent({
    fleet,
    facts,
    log: silentLogger,
    onNote: () => undefined,
    noticeTimeMs: 5000,
    // However slow the machine, it is not taken for lost.
    heartbeatMs: 60_000,
    openPool: (watch) => openWorkerPool({ queue: consumer, objects, engine, threads: 1, name: facts.id, watch }),
  })
  const told = new AbortController()
  const departed = agent.run(told.signal)

  const features = (key: string, featureSetHash: string, candlesHash: string) => {
    const label = { name: 'swing', parameters: {} }
    const payload = { candles: candlesHash, featureSet: 'reference', featureSetHash, label }
    return makeTask({ runId: 'run', key, name: 'features', payload, attempts: 3, timeoutMs: 20_000 })
  }
  const hash = featureSet('reference').hash
  const other = { engine: { name: 'wasm', version: '9.9.9' }, note: '' } as const
  const tasks: Task[] = [
    { ...features('protocol', hash, candles), protocolVersion: 99 },
    features('features', '0'.repeat(64), candles),
    { ...foldTask('engine', candles, [0], other), attempts: 3 },
    features('ours', hash, 'f'.repeat(64)), // got as far as asking for its data
  ]
  const outcomes = new Promise<TaskOutcome[]>((resolve) => {
    const seen: TaskOutcome[] = []
    producer.onOutcome('run', (outcome) => {
      if (seen.push(outcome) === tasks.length) resolve(seen)
    })
  })
  await ledger.add(tasks, route) // behind the queue's back: it would not take the first
  const ended = (await outcomes).map((one) => [one.key, one.attempts, one.ok ? 'ok' : one.error.code])
  expect(ended.sort()).toEqual([
    ['engine', 1, 'ENGINE_DIFFERS'],
    ['features', 1, 'FEATURES_DIFFER'],
    ['ours', 1, 'OBJECT_NOT_FOUND'],
    ['protocol', 1, 'PROTOCOL_DIFFERS'],
  ])
  expect(await fleet.list()).toMatchObject([{ state: 'running' }])
  told.abort()
  await departed
  await producer.close()
  await consumer.close()
})
