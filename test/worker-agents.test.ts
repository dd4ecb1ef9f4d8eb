import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { makeTask, ownRoute, type Agent, type Task, type TaskOutcome, type TaskQueue } from '#core/protocol'
import { openDatabase, PostgresFleet, PostgresTaskLedger, type Database } from '#platform/postgres'
import { openTaskQueue } from '#platform/queue'
import { RedisServer } from '#platform/queue/testing'
import { documentOf, makeHome, startBullpen, type RunningCommand } from './testing/command.ts'

/** An own task that says it has started and ends when the file `go` is there; it answers who ran it. */
const moduleText = `
import { existsSync, writeFileSync } from 'node:fs'
export async function run({ folder, name, die }) {
  writeFileSync(folder + '/started-' + name, String(process.pid))
  if (die) process.kill(process.pid, 'SIGKILL')
  while (!existsSync(folder + '/go')) await new Promise((later) => setTimeout(later, 10))
  return process.pid
}`

const group = 'agents-test'
const route = ownRoute(group)
const { home, remove } = makeHome()
const tasksFile = join(home, 'tasks.json')
let redis: RedisServer
let database: Database
let ledger: PostgresTaskLedger
let fleet: PostgresFleet
let queue: TaskQueue
let runId: string
let folder: string
let runs = 0
const agents: RunningCommand[] = []

beforeAll(async () => {
  writeFileSync(join(home, 'hold.mjs'), moduleText)
  writeFileSync(tasksFile, JSON.stringify({ hold: './hold.mjs' }))
  redis = await RedisServer.start({ password: 'a-secret-word' })
  database = await openDatabase({ home, onNote: () => undefined })
  ledger = new PostgresTaskLedger(database)
  fleet = new PostgresFleet(database)
})
afterAll(async () => {
  await database.close()
  await redis.stop()
  remove()
})
beforeEach(async () => {
  runId = `run-${++runs}`
  folder = join(home, runId)
  mkdirSync(folder)
  queue = await openTaskQueue({
    url: redis.url,
    route,
    ledger,
    onNote: () => undefined,
    pollMs: 200,
    maintainEveryMs: 100,
  })
})
afterEach(async () => {
  for (const { child, done } of agents.splice(0)) {
    child.kill('SIGKILL')
    await done
  }
  await queue.forget(runId)
  await queue.close()
})

/** Starts an agent of one thread and waits until it serves. */
async function startAgent(...options: string[]): Promise<RunningCommand> {
  const args = ['worker', '--group', group, '--tasks', tasksFile, '--threads', '1', ...options]
  const agent = startBullpen(args, home, { REDIS_URL: redis.url })
  agents.push(agent)
  await agent.saw(/serves route/)
  return agent
}

function enqueue(...names: string[]): Promise<void> {
  return queue.enqueue(names.map((name) => holdTask(name, {})))
}

function holdTask(name: string, more: object): Task {
  const payload = { module: 'hold', input: { folder, name, ...more }, shared: [] }
  return makeTask({ runId, key: `hold/${name}`, name: 'own', payload, attempts: 2, timeoutMs: 60_000 })
}

const started = (name: string) => until(() => existsSync(join(folder, `started-${name}`)))
const pidThatStarted = (name: string) => Number(readFileSync(join(folder, `started-${name}`), 'utf8'))
const letGo = () => {
  writeFileSync(join(folder, 'go'), '')
}

function outcomes(count: number): Promise<ReadonlyMap<string, TaskOutcome>> {
  return new Promise((resolve) => {
    const seen = new Map<string, TaskOutcome>()
    const unsubscribe = queue.onOutcome(runId, (outcome) => {
      seen.set(outcome.key.replace('hold/', ''), outcome)
      if (seen.size < count) return
      unsubscribe()
      resolve(seen)
    })
  })
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function agentOf({ child }: RunningCommand): Promise<Agent> {
  return (await fleet.list()).find(({ pid }) => pid === child.pid)!
}

/** Time passes in the database: leases lapse, heartbeats are overdue. */
async function passSeconds(seconds: number): Promise<void> {
  const back = `$1 * interval '1 s'`
  await database.query(`UPDATE bullpen.tasks SET lease_until = lease_until - ${back}`, [seconds])
  await database.query(`UPDATE bullpen.agents SET heartbeat_at = heartbeat_at - ${back}`, [seconds])
}

test('on SIGTERM an agent finishes what it holds, takes nothing more and ends with status 0', async () => {
  const agent = await startAgent('--price', '0.5', '--currency', 'EUR', '--name', 'host-1')
  expect(await agentOf(agent)).toMatchObject({
    state: 'running',
    host: 'host-1',
    threads: 1,
    route,
    price: { perHour: 0.5, currency: 'EUR' },
  })
  const ending = outcomes(1)
  await enqueue('a', 'b')
  await until(() => existsSync(join(folder, 'started-a')) || existsSync(join(folder, 'started-b')))
  agent.child.kill('SIGTERM')
  await agent.saw(/stopping/)
  await until(async () => (await agentOf(agent)).state === 'draining')
  letGo()
  expect([...(await ending).values()]).toMatchObject([{ ok: true, attempts: 1, result: { output: agent.child.pid } }])
  const { status, stdout } = await agent.done
  expect(status).toBe(0)
  expect(stdout).toMatch(/^agent host-1-\d+-\w+ left: asked to stop \(1 tasks ended, 0 failed\)\n$/)
  expect(await agentOf(agent)).toMatchObject({ state: 'left', leftBecause: 'asked to stop', done: 1 })
  expect((await ledger.waiting(route, { olderThanMs: 0, limit: 9 })).map(({ attempts }) => attempts)).toEqual([0])
})

test('past the notice time a task is handed back and runs elsewhere, as its first attempt', async () => {
  const first = await startAgent('--notice-time', '0')
  const ending = outcomes(1)
  await enqueue('a')
  await started('a')
  expect(pidThatStarted('a')).toBe(first.child.pid)
  first.child.kill('SIGTERM')
  expect(await first.done).toMatchObject({ status: 0, stderr: expect.stringMatching(/handing back 1 task/) })
  const second = await startAgent()
  letGo()
  expect((await ending).get('a')).toMatchObject({ ok: true, attempts: 1, result: { output: second.child.pid } })
})

test('an agent killed outright is lost, and its task runs elsewhere as the next attempt', async () => {
  const first = await startAgent()
  const ending = outcomes(1)
  await enqueue('a')
  await started('a')
  first.child.kill('SIGKILL')
  await first.done
  const second = await startAgent()
  await passSeconds(40)
  expect(await agentOf(first)).toMatchObject({ state: 'lost', leftAt: null })
  await until(() => pidThatStarted('a') === second.child.pid)
  letGo()
  expect((await ending).get('a')).toMatchObject({ ok: true, attempts: 2, result: { output: second.child.pid } })
})

test('without a task, or past its longest lifetime, an agent leaves by itself with status 0', async () => {
  const [idle, old] = await Promise.all([startAgent('--idle-exit', '1', '--json'), startAgent('--max-lifetime', '1')])
  const [idled, aged] = await Promise.all([idle.done, old.done])
  expect([idled.status, aged.status]).toEqual([0, 0])
  expect(documentOf(idled)).toMatchObject({ route, reason: 'no task for 1 s', done: 0, failed: 0 })
  expect(aged.stdout).toMatch(/left: served for 1 s, its longest lifetime/)
})

test('a notice from a file or a command makes an agent leave with status 0', async () => {
  const path = join(folder, 'leave')
  const [byFile, byCommand] = await Promise.all([
    startAgent('--notice', `file:${path}`),
    startAgent('--notice', `command:test -e ${path} && echo the price went up`),
  ])
  writeFileSync(path, 'maintenance\n')
  expect(await byFile.done).toMatchObject({ status: 0, stdout: expect.stringMatching(/left: maintenance/) })
  expect(await byCommand.done).toMatchObject({ status: 0, stdout: expect.stringMatching(/left: the price went up/) })
})

test('the password of the queue is shown nowhere, and structured lines name agent, run and task', async () => {
  const agent = await startAgent('--json', '--verbose')
  const ending = outcomes(1)
  letGo()
  await enqueue('a')
  await ending
  await agent.saw(/task ended/)
  agent.child.kill('SIGTERM')
  const { stdout, stderr } = await agent.done
  expect(stdout + stderr).not.toContain('a-secret-word')
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'))
  const ended = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((line) => line['message'] === 'task ended')
  expect(ended).toMatchObject({ run: runId, task: `${runId}/hold/a`, outcome: 'ok', agent: expect.any(String) })
})

test('metrics tell of tasks, threads and the process', async () => {
  const agent = await startAgent('--metrics-port', '0')
  const [, address] = /metrics: (\S+)/.exec(agent.stderr())!
  const ending = outcomes(1)
  letGo()
  await enqueue('a')
  await ending
  await until(async () =>
    /bullpen_worker_tasks_total\{[^}]*outcome="ok"[^}]*\} 1/.test(await (await fetch(address!)).text()),
  )
  expect(await (await fetch(address!)).text()).toMatch(/^bullpen_worker_threads\{.*\} 1$/m)
})

test('an address with a password is refused on the command line, and not repeated', async () => {
  const agent = startBullpen(['worker', '--queue', `redis://:a-secret-word@127.0.0.1:${redis.port}`], home)
  const { status, stdout, stderr } = await agent.done
  expect(status).toBe(2)
  expect(stderr).toMatch(/^bullpen: USAGE: .*process lists.*REDIS_URL/)
  expect(stdout + stderr).not.toContain('a-secret-word')
})
