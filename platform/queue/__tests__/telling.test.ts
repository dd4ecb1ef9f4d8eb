import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { protocolVersion } from '#core/protocol'
import { batchTasks, type Telling } from '../batch-tasks.ts'
import { Durations } from '../durations.ts'
import { isJobData, jobIdOf, jobPriority, maxJobTasks } from '../job-data.ts'
import { Pace } from '../pace.ts'
import { retryDelay } from '../retry-delay.ts'

const telling = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom('fast', 'slow', 'unknown'),
  priority: fc.integer({ min: -1, max: 1 }),
  attempts: fc.integer({ min: 0, max: 1 }),
  isSuspect: fc.boolean(),
})
const means = new Map([
  ['fast', 0.01],
  ['slow', 100],
])

test('batching keeps every task and their order; a job is of one sort and no more work than allowed', () => {
  fc.assert(
    fc.property(fc.array(telling, { maxLength: 300 }), fc.integer({ min: 0, max: 4 }), (tasks: Telling[], threads) => {
      const jobs = batchTasks(tasks, { jobMs: 250, threads, meanMs: (kind) => means.get(kind) })
      expect(jobs.flat()).toEqual(tasks)
      const share = Math.ceil(tasks.length / (4 * Math.max(1, threads)))
      for (const job of jobs) {
        const { kind, isSuspect } = job[0]!
        expect(new Set(job.map((task) => `${task.kind} ${task.priority} ${task.attempts}`)).size).toBe(1)
        const most = kind === 'unknown' || isSuspect ? 1 : kind === 'slow' ? Math.min(2, share) : share
        expect(job.length).toBeLessThanOrEqual(Math.min(most, maxJobTasks))
      }
    }),
  )
})

test('many small tasks make full jobs', () => {
  const tasks = Array.from({ length: 4000 }, (_, i) => ({ id: `r/${i}`, kind: 'fast', priority: 0, attempts: 0 }))
  const jobs = batchTasks(tasks, { jobMs: 250, threads: 1, meanMs: () => 0.01 })
  expect(jobs.map(({ length }) => length)).toEqual(Array(8).fill(500))
})

test("a larger priority of ours is a smaller one of BullMQ's, a retry goes before its equals, and all are in its range", () => {
  const any = fc.double({ noNaN: true })
  const whole = fc.integer({ min: -500_000, max: 500_000 })
  fc.assert(
    fc.property(any, (priority) => {
      for (const isRetry of [true, false]) {
        const bull = jobPriority(priority, isRetry)
        expect(Number.isInteger(bull) && bull >= 1 && bull <= 2_097_151).toBe(true)
      }
    }),
  )
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      expect(Math.sign(jobPriority(a, false) - jobPriority(b, false))).toBe(-Math.sign(a - b) || 0)
      expect(jobPriority(a, true)).toBeLessThan(jobPriority(a, false))
      if (a > b) expect(jobPriority(a, false)).toBeLessThan(jobPriority(b, true))
    }),
  )
})

test('a job told again has the same id, and another one after another attempt', () => {
  expect(jobIdOf(['r/a', 'r/b'], 0)).toBe(jobIdOf(['r/a', 'r/b'], 0))
  expect(jobIdOf(['r/a'], 1)).not.toBe(jobIdOf(['r/a'], 0))
})

test('what is no job of this protocol, or too large, is none', () => {
  const job = { protocolVersion, ids: ['r/a'], kinds: ['fold'] }
  expect(isJobData(job)).toBe(true)
  const long = `r/${'x'.repeat(400)}`
  const bad = [
    undefined,
    { ...job, protocolVersion: protocolVersion + 1 },
    { ...job, ids: [] },
    { ...job, ids: Array(maxJobTasks + 1).fill('r/a') },
    { ...job, ids: [long] },
    { ...job, code: 'process.exit()' },
  ]
  for (const value of bad) expect(isJobData(value)).toBe(false)
})

test('durations begin with what the ledger knows and follow what is seen', () => {
  const durations = new Durations()
  durations.learn(new Map([['a', 100]]))
  expect(durations.mean('a')).toBe(100)
  for (let i = 0; i < 100; i++) durations.saw('a', 10)
  expect(durations.mean('a')).toBeCloseTo(10, 1)
  durations.learn(new Map([['a', 500]]))
  expect(durations.mean('a')).toBeCloseTo(10, 1)
  expect(durations.mean('b')).toBeUndefined()
})

test('a consumer works further ahead the smaller its tasks are, and not at all while it holds back', () => {
  const pace = new Pace(2, 50)
  expect([pace.ahead, pace.mostUnreported, pace.isFast]).toEqual([1, 4, false])
  pace.saw(10_000)
  expect([pace.ahead, pace.mostUnreported, pace.isFast]).toEqual([1, 4, false])
  const fast = new Pace(2, 50)
  fast.saw(1)
  expect([fast.ahead, fast.mostUnreported, fast.isFast]).toEqual([100, 100, true])
  fast.holdBack(60_000)
  expect(fast.ahead).toBe(0)
})

test('only errors of shared services are held back, longer with each attempt', () => {
  const error = (code: string) =>
    ({ code, message: '', retryable: true, details: {} }) as Parameters<typeof retryDelay>[0]
  expect([1, 2, 3, 20].map((n) => retryDelay(error('OBJECT_STORE_UNAVAILABLE'), n))).toEqual([250, 500, 1000, 30_000])
  expect(retryDelay(error('DATABASE_UNAVAILABLE'), 1)).toBe(250)
  expect(retryDelay(error('WORKER_CRASHED'), 3)).toBe(0)
})
