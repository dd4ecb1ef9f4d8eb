import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openDatabase, PostgresFleet, type Database } from '#platform/postgres'
import { RedisServer } from '#platform/queue/testing'
import type { ClusterStatus } from '../../coordinator/cluster/index.ts'
import type { RunView } from '../../coordinator/runs/index.ts'
import type { TrainingOutcome } from '../../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome, startBullpen, type RunningCommand } from '../testing/command.ts'

const train = ['train', '--candles', 'sample:btcusdt-4h', '--space', 'quick', '--folds', '2', '--seed', '3', '--json']
const trials = 6
/** Selection of two sides, eight pieces of importance each. */
const selection = 20
/** Tasks of such a run: the table, selection, two folds a trial, the final fit, and two examinations of the certificate. */
const tasks = 1 + selection + 2 * trials + 1 + 2 * (selection + 1)
/** Feature shards of the sample's 2,195 bars, which only the first run over them computes. */
const shards = 2

const { home, remove } = makeHome()
const alone = makeHome()
const agents: RunningCommand[] = []
let redis: RedisServer
let database: Database
let whole: TrainingOutcome

beforeAll(async () => {
  redis = await RedisServer.start()
  database = await openDatabase({ home, onNote: () => undefined })
  whole = documentOf<TrainingOutcome>(await bullpen([...train, '--trials', String(trials)], alone.home))
  for (let i = 0; i < 2; i++) agents.push(startBullpen(['worker', '--queue', redis.url, '--threads', '1'], home))
  await Promise.all(agents.map((agent) => agent.saw(/serves route/)))
}, 180_000)

afterAll(async () => {
  for (const { child } of agents) child.kill('SIGTERM')
  await Promise.all(agents.map(({ done }) => done))
  await database.close()
  await redis.stop()
  remove()
  alone.remove()
}, 60_000)

const queue = () => ['--queue', redis.url]
const runIdOf = (command: RunningCommand) => /run (\S+) started/.exec(command.stderr())![1]!

/** Tasks the agents have ended in all, once both have been heard of after `since`. */
async function tasksDone(since: number): Promise<number> {
  for (;;) {
    const here = (await new PostgresFleet(database).list()).filter(({ state }) => state === 'running')
    expect(here).toHaveLength(2)
    if (here.every(({ heartbeatAt, busy }) => heartbeatAt > since && busy === 0)) {
      return here.reduce((sum, { done }) => sum + done, 0)
    }
    await new Promise((later) => setTimeout(later, 100))
  }
}

test('a run over two agents gives the trials and the model of one process', async () => {
  const before = await tasksDone(0)
  const outcome = documentOf<TrainingOutcome>(await bullpen([...train, '--trials', String(trials), ...queue()], home))
  expect(outcome.model.sha256).toBe(whole.model.sha256)
  expect(outcome.search).toEqual(whole.search)
  expect((await tasksDone(Date.now())) - before).toBe(shards + tasks)
}, 180_000)

test('a coordinator killed on the way leaves its tasks to the next, which repeats none', async () => {
  const before = await tasksDone(0)
  const first = startBullpen([...train, '--trials', String(trials), ...queue()], home)
  await first.saw(/trial 0\b/)
  const runId = runIdOf(first)
  const second = await bullpen(['train', '--resume', runId, ...queue(), '--json'], home)
  expect(documentOf<{ error: { code: string } }>(second).error.code).toBe('RUN_HELD')
  const ended = once(first.child, 'exit')
  first.child.kill('SIGKILL')
  await ended
  const outcome = documentOf<TrainingOutcome>(await bullpen(['train', '--resume', runId, ...queue(), '--json'], home))
  expect(outcome.model.sha256).toBe(whole.model.sha256)
  expect(outcome.search).toEqual(whole.search)
  expect((await tasksDone(Date.now())) - before).toBe(tasks)
}, 180_000)

test('a run is cancelled from elsewhere: its coordinator stops, its agents are free, and it can go on', async () => {
  const running = startBullpen([...train, '--trials', '60', ...queue()], home)
  await running.saw(/trial 0\b/)
  const runId = runIdOf(running)
  const cancelled = documentOf<object>(await bullpen(['runs', 'cancel', runId, '--json'], home))
  expect(cancelled).toEqual({ run: runId, state: 'interrupted', cancelled: true })
  expect((await running.done).status).toBe(130)
  const view = documentOf<RunView>(await bullpen(['runs', 'show', runId, '--json'], home))
  expect(view).toMatchObject({ state: 'interrupted', holder: null, trials: { of: 60 } })
  await tasksDone(Date.now())
  const { routes } = documentOf<ClusterStatus>(await bullpen(['cluster', 'status', '--json'], home))
  for (const { waiting, leased } of routes) expect({ waiting, leased }).toEqual({ waiting: 0, leased: 0 })
}, 180_000)

test('a run whose coordinator was killed is cancelled without it', async () => {
  const running = startBullpen([...train, '--trials', '60', ...queue()], home)
  await running.saw(/trial 0\b/)
  const runId = runIdOf(running)
  const ended = once(running.child, 'exit')
  running.child.kill('SIGKILL')
  await ended
  const cancelled = documentOf<object>(await bullpen(['runs', 'cancel', runId, '--json'], home))
  expect(cancelled).toEqual({ run: runId, state: 'interrupted', cancelled: true })
}, 180_000)

test('without agents a run waits as long as it is told, and then says what to start', async () => {
  const nobody = makeHome()
  try {
    const refused = await bullpen([...train, '--wait-for-workers', '0', ...queue()], nobody.home)
    expect(refused.status).toBe(1)
    expect(documentOf<{ error: { code: string } }>(refused).error.code).toBe('NO_WORKERS')
  } finally {
    nobody.remove()
  }
}, 60_000)
