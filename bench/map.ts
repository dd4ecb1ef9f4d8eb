import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fileURLToPath } from 'node:url'
import { RedisServer } from '#platform/queue/testing'
import { connect, type Pool } from '../library/index.ts'
import { machine } from './machine.ts'

/**
 * `npm run bench:map -- 1000000 [local | agents]`: tiny own tasks through `pool.map`, and what the reader's heap does meanwhile (after a
 * collection, every tenth of the way). It may not grow with the number of items.
 */
const count = Number(process.argv[2] ?? 100_000)
const concurrency = 4096

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heapMib(): number {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

function* numbers(): Generator<number> {
  for (let n = 0; n < count; n++) yield n
}

async function measure(name: string, pool: Pool, ordered: boolean): Promise<void> {
  const heaps = [heapMib()]
  const start = performance.now()
  let read = 0
  for await (const { index, output } of pool.map('no-op', numbers(), { concurrency, ordered })) {
    if (index !== output) throw new Error(`item ${index} was answered with ${String(output)}`)
    if (++read % Math.ceil(count / 10) === 0) heaps.push(heapMib())
  }
  const seconds = (performance.now() - start) / 1000
  if (read !== count) throw new Error(`${read} results of ${count} items`)
  heaps.push(heapMib())
  const cells = [name.padEnd(28), String(count).padStart(9), seconds.toFixed(1).padStart(8)]
  cells.push(
    (count / seconds).toFixed(0).padStart(8),
    ...[heaps[1]!, Math.max(...heaps.slice(1, -1)), heaps.at(-1)!].map((mib) => mib.toFixed(1).padStart(9)),
  )
  console.log(cells.join(' '))
}

/** An agent process, once it serves. */
async function startAgent(tasks: string, threads: number): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('../coordinator/main/bullpen.js', import.meta.url))
  const options = ['worker', '--group', 'bench', '--tasks', tasks, '--threads', String(threads)]
  const agent = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    agent.once('exit', () => {
      reject(new Error(`the agent ended: ${said}`))
    })
    agent.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('serves route')) resolve()
    })
  })
  return agent
}

async function measureAgents(agents: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'bullpen-bench-map-'))
  const redis = await RedisServer.start()
  Object.assign(process.env, { BULLPEN_HOME: home, REDIS_URL: redis.url })
  await writeFile(join(home, 'tasks.json'), JSON.stringify({ 'no-op': noOp }))
  const pool = await connect({ group: 'bench', onNote: () => undefined })
  const running = []
  for (let i = 0; i < agents; i++) running.push(await startAgent(join(home, 'tasks.json'), 1))
  await measure(`${agents} agent(s) with one thread`, pool, false)
  for (const agent of running) {
    const left = once(agent, 'exit')
    agent.kill('SIGTERM')
    await left
  }
  await pool.close()
  await redis.stop()
  await rm(home, { recursive: true })
}

console.log(machine())
console.log(`${'what'.padEnd(28)}     items  seconds  items/s  heap 10%  heap max  heap end (MiB)`)
const noOp = fileURLToPath(new URL('./no-op-task.js', import.meta.url))
if (process.argv[3] !== 'agents') {
  const local = await connect({ local: { tasks: { 'no-op': noOp }, threads: 2 } })
  await measure('in one process, ordered', local, true)
  await measure('in one process, as they come', local, false)
  await local.close()
}
if (process.argv[3] !== 'local') for (const agents of [1, 2]) await measureAgents(agents)
