/**
 * `npm run bench:queue`: no-op tasks a second end to end, from `enqueue` to the last outcome heard by the coordinator,
 * every result durable in PostgreSQL and in the record of its run; Redis and PostgreSQL on this machine, consumers of
 * four slots in processes of their own. Jobs of one task each, and jobs batched by measured duration.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeTask, type TaskOf } from '#core/protocol'
import { openDatabase, PostgresRunStore, PostgresTaskLedger } from '#platform/postgres'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'
import { machine } from './machine.ts'

const hash = '0'.repeat(64)
const payload = { candles: hash, featureSet: 'none', featureSetHash: hash, label: { name: 'none', parameters: {} } }
const program = fileURLToPath(new URL('./queue-consumer.js', import.meta.url))
const onNote = (text: string) => {
  console.error(text)
}

const home = mkdtempSync(join(tmpdir(), 'bullpen-bench-'))
const database = await openDatabase({ home, onNote })
const ledger = new PostgresTaskLedger(database)
const runs = new PostgresRunStore(database)
const redis = await RedisServer.start({ password: 'bench' })

function noOps(runId: string, count: number): TaskOf<'features'>[] {
  const rest = { name: 'features', payload, attempts: 3, timeoutMs: 60_000 } as const
  return Array.from({ length: count }, (_, i) => makeTask({ runId, key: `t${i}`, ...rest }))
}

async function startConsumer(): Promise<ChildProcess> {
  const env = { PATH: process.env['PATH'], BULLPEN_HOME: home, REDIS_URL: redis.url }
  const child = fork(program, { env })
  await once(child, 'message')
  return child
}

let number = 0

async function measure(name: string, consumers: number, count: number, batchMs: number): Promise<void> {
  const children = await Promise.all(Array.from({ length: consumers }, startConsumer))
  const queue = await openTaskQueue({ url: redis.url, route: 'bench', ledger, onNote, batchMs })
  const runId = `run-${number++}`
  await runs.create(runId, {})
  const tasks = noOps(runId, count)
  let left = count
  const start = performance.now()
  const done = new Promise<void>((resolve) => {
    queue.onOutcome(runId, ({ ok }) => {
      if (!ok) throw new Error('a no-op failed')
      if (--left === 0) resolve()
    })
  })
  await queue.enqueue(tasks)
  const enqueued = (performance.now() - start) / 1000
  await done
  const seconds = (performance.now() - start) / 1000
  const cells = [
    name.padEnd(10),
    String(consumers).padStart(9),
    String(count).padStart(8),
    enqueued.toFixed(2).padStart(11),
    seconds.toFixed(2).padStart(9),
    (count / seconds).toFixed(0).padStart(9),
    ((seconds / count) * 1000).toFixed(2).padStart(8),
  ]
  console.log(cells.join(' '))
  await queue.close()
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(children.map((child) => once(child, 'exit')))
}

const [singles = 3_000, batched = 15_000] = process.argv.slice(2).map(Number)
console.log(machine())
console.log('jobs       consumers    tasks  enqueued s   in all s   tasks/s  ms/task')
await measure('warm-up', 1, 2_000, 0)
for (const consumers of [1, 2]) await measure('single', consumers, singles, 0)
for (const consumers of [1, 2]) await measure('batched', consumers, batched, 250)
await redis.stop()
await database.close()
rmSync(home, { recursive: true })
