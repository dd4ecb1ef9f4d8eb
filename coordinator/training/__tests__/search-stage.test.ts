import { EventEmitter, once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BullpenError } from '#core/errors'
import type { Task, TaskContext, TaskResult } from '#core/protocol'
import { newSigningKey, type TrialRecord } from '#core/registry'
import {
  MemoryModelRegistry,
  MemoryObjectStore,
  MemoryRunStore,
  MemoryShardIndex,
  MemoryTaskQueue,
} from '#platform/memory'
import { SpendingLimit } from '../../cost/index.ts'
import type { ProgressEvent } from '../../progress.ts'
import { TaskClient } from '../../tasks/index.ts'
import { searchTrials, type SearchOutcome } from '../search-stage.ts'
import { specOf } from '../testing/procedure-fixture.ts'
import type { SearchLimit } from '../training-services.ts'
import type { TrainingSpec } from '../training-spec.ts'

const hash = 'a'.repeat(64)
const folds = [0, 1, 2].map((fold) => ({
  trainRows: [{ start: 0, end: 10 }],
  testRows: [{ start: 20 + fold, end: 21 + fold }],
}))

function searchSpecOf(search: Partial<TrainingSpec['search']>): TrainingSpec {
  const spec = specOf({ splits: { name: 'purged', folds: folds.length } })
  return { ...spec, search: { ...spec.search, sampler: 'tpe', trials: 12, ...search } }
}

/** A fold's answer that depends on its parameters only: the smaller the learning rate the better. */
function answer(task: Task): TaskResult<'fold'> {
  if (task.name !== 'fold') throw new Error(`a search runs folds only, not ${task.name}`)
  const rocAucOvrWeighted = 1 - task.payload.parameters.learningRate
  const metrics = { rocAucOvrWeighted, f1Weighted: 0.5, logLoss: 1, naiveRocAucOvrWeighted: 0.7 }
  return { metrics, rounds: 10, fitMs: 1 }
}

interface SearchRun {
  readonly outcome: SearchOutcome
  readonly recorded: readonly TrialRecord[]
  readonly events: readonly ProgressEvent[]
}

interface SearchSetting {
  readonly limit?: SearchLimit
  readonly signal?: AbortSignal
  readonly runs?: MemoryRunStore
}

/** Runs a search whose folds `handle` answers, `concurrency` at a time. */
async function search(
  spec: TrainingSpec,
  handle: (task: Task, context: TaskContext) => Promise<unknown>,
  concurrency = 2,
  step: number | null = null,
  { limit, signal, runs = new MemoryRunStore() }: SearchSetting = {},
): Promise<SearchRun> {
  const queue = new MemoryTaskQueue()
  const events: ProgressEvent[] = []
  if ((await runs.list(1)).length === 0) await runs.create('run', { ...spec })
  const client = { queue, runs, runId: 'run', attempts: 1, timeoutMs: 60_000, maxFailures: 100 }
  const tasks = await TaskClient.open({ ...client, ...(signal && { signal }) })
  const consumer = queue.consume(handle, { concurrency, worker: 'test' })
  try {
    const outcome = await searchTrials(
      spec,
      { runId: 'run', table: hash, columns: [0, 1], window: { step, folds, trials: spec.search.trials } },
      {
        runs,
        tasks,
        registry: new MemoryModelRegistry(),
        objects: new MemoryObjectStore(),
        shards: new MemoryShardIndex(),
        progress: (event) => events.push(event),
        now: () => 0,
        signingKey: () => Promise.resolve(newSigningKey()),
        threads: concurrency,
        ...(limit && { limit }),
      },
    )
    return { outcome, recorded: await runs.trials('run'), events }
  } finally {
    await consumer.drain()
    await tasks.close()
    await queue.close()
  }
}

/** What must not depend on who ran what when. */
const plan = ({ outcome }: SearchRun) =>
  outcome.trials.map(({ number, parameters, score }) => [number, parameters, score])

test('trials are listed, recorded and told by number, and the best has the highest score', async () => {
  const { outcome, recorded, events } = await search(searchSpecOf({}), (task) => Promise.resolve(answer(task)))
  expect(outcome.trials.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, i) => i))
  expect(recorded.map(({ number }) => number)).toEqual(outcome.trials.map(({ number }) => number))
  expect(outcome.best.score).toBe(Math.max(...outcome.trials.map(({ score }) => score!)))
  expect(events.filter(({ kind }) => kind === 'trial')).toHaveLength(12)
})

test('the list of trials is the same whatever the concurrency and whoever finishes first', async () => {
  const reference = plan(await search(searchSpecOf({ pruner: 'median' }), (task) => Promise.resolve(answer(task)), 1))
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.scheduler(), async (concurrency, scheduler) => {
      const handle = (task: Task) => scheduler.schedule(Promise.resolve(answer(task)))
      const running = search(searchSpecOf({ pruner: 'median' }), handle, concurrency)
      await scheduler.waitFor(running)
      expect(plan(await running)).toEqual(reference)
    }),
    { numRuns: 15 },
  )
})

test('a fold that fails makes a failed trial, and the search goes on without it', async () => {
  const { outcome } = await search(searchSpecOf({}), (task) => {
    if (task.key.startsWith('search/trial-5/')) throw new BullpenError('ONE_CLASS', { where: 'x', only: 'hold' })
    return Promise.resolve(answer(task))
  })
  expect(outcome.trials[5]).toMatchObject({ state: 'failed', score: null })
  expect(outcome.trials.filter(({ state }) => state === 'complete')).toHaveLength(11)
})

test('when every trial fails the search says so with the first reason', async () => {
  const failing = search(searchSpecOf({}), () => {
    throw new BullpenError('ONE_CLASS', { where: 'fold 1', only: 'hold' })
  })
  await expect(failing).rejects.toMatchObject({ code: 'TOO_MANY_FAILURES' })
})

test('the median pruner stops trials below the median of those they may see', async () => {
  const { outcome } = await search(searchSpecOf({ pruner: 'median', sampler: 'random', trials: 24 }), (task) =>
    Promise.resolve(answer(task)),
  )
  const pruned = outcome.trials.filter(({ state }) => state === 'pruned')
  expect(pruned.length).toBeGreaterThan(0)
  for (const trial of pruned) expect(trial.folds.length).toBeLessThan(folds.length)
  for (const { number } of pruned) expect(number).toBeGreaterThanOrEqual(8)
})

test('a trial learns only from trials its number may see', async () => {
  const started: number[] = []
  const finished = new Set<number>()
  await search(searchSpecOf({}), (task) => {
    const number = Number(/trial-(\d+)/.exec(task.key)![1])
    if (!started.includes(number)) {
      started.push(number)
      const batch = Math.floor(number / 4)
      for (let seen = 0; seen < (batch - 1) * 4; seen++) expect(finished).toContain(seen)
    }
    if (/fold-2@/.test(task.key)) finished.add(number)
    return Promise.resolve(answer(task))
  })
  expect(started).toHaveLength(12)
})

test('the search of an outer step has keys of its own and leaves the trials of the run alone', async () => {
  const keys: string[] = []
  const handle = (task: Task) => {
    keys.push(task.key.replace(/@.*/, ''))
    return Promise.resolve(answer(task))
  }
  const { outcome, recorded, events } = await search(searchSpecOf({ trials: 2 }), handle, 1, 3)
  expect(outcome.trials).toHaveLength(2)
  expect(keys.sort()).toEqual(
    [0, 1].flatMap((trial) => [0, 1, 2].map((f) => `outer-3/search/trial-${trial}/fold-${f}`)),
  )
  expect(recorded).toEqual([])
  expect(events).toEqual([])
})

/** A limit that lets the first trials be asked for, so many. */
const limitOf = (trials: number): SearchLimit & { asked: number } => ({
  asked: 0,
  knownTrials: 0,
  elapsedSeconds: () => 1,
  tooSmall: () => new BullpenError('BUDGET_TOO_SMALL', { budget: '1.00 USD', reason: 'it is' }),
  mayAsk() {
    return this.asked++ < trials
  },
})

test('a budget ends the search, which goes on to judge what it has, and a resumed one ends there as well', async () => {
  const spec = searchSpecOf({})
  const runs = new MemoryRunStore()
  const fold = (task: Task) => Promise.resolve(answer(task))
  const whole = await search(spec, fold)
  const cut = await search(spec, fold, 2, null, { limit: limitOf(5), runs })
  expect(cut.outcome.cut).toEqual({ trials: 5, of: 12 })
  expect(plan(cut)).toEqual(plan(whole).slice(0, 5))
  expect(cut.events).toContainEqual({ kind: 'note', text: 'the budget ends the search after 5 of 12 trials' })
  const resumed = await search(spec, () => Promise.reject(new Error('every fold is known')), 2, null, { runs })
  expect(resumed.outcome.cut).toEqual(cut.outcome.cut)
  expect(plan(resumed)).toEqual(plan(cut))
})

test('a budget that pays for no trial spends nothing on the search', async () => {
  const none = search(searchSpecOf({}), () => Promise.reject(new Error('asked')), 2, null, { limit: limitOf(0) })
  await expect(none).rejects.toMatchObject({ code: 'BUDGET_TOO_SMALL' })
})

test('trials known from before are not asked money for, and searches of outer steps are not cut', async () => {
  const fold = (task: Task) => Promise.resolve(answer(task))
  const known = await search(searchSpecOf({}), fold, 2, null, { limit: { ...limitOf(0), knownTrials: 12 } })
  expect(known.outcome).toMatchObject({ cut: null, trials: { length: 12 } })
  const outer = await search(searchSpecOf({}), fold, 2, 0, { limit: limitOf(0) })
  expect(outer.outcome).toMatchObject({ cut: null, trials: { length: 12 } })
})

test('a task that hangs does not outlive the budget: the search ends with what stopped it', async () => {
  const price = { perHour: 3600, currency: 'USD' }
  const time = { now: 0 }
  const read = () =>
    Promise.resolve([{ name: 'w', kind: 'worker' as const, place: '', seconds: time.now / 1000, price, isOpen: true }])
  const money = await SpendingLimit.open({ budget: 500, teardownSeconds: 60, read, now: () => time.now, everyMs: 5 })
  const limit: SearchLimit = {
    knownTrials: 0,
    elapsedSeconds: () => 1,
    mayAsk: (forecast) => money.mayAsk(forecast),
    tooSmall: () => money.tooSmall(),
  }
  const { signal } = money
  const hangs = (_: Task, context: TaskContext) => {
    // The last second that leaves more than the teardown and a late order.
    time.now = 435_000
    return new Promise((_answer, stop) => {
      context.signal.addEventListener('abort', () => {
        stop(context.signal.reason as Error)
      })
    })
  }
  await expect(search(searchSpecOf({}), hangs, 1, null, { limit, signal })).rejects.toMatchObject({
    code: 'BUDGET_SPENT',
    details: { budget: '500.00 USD', spent: '435.00 USD' },
  })
  await money.close()
})

// A rejection that nobody hears fails the test; it would end a coordinator before it has given its machines back.
test('trials that are interrupted while an earlier one is being recorded are heard, not left to end the process', async () => {
  const database = new EventEmitter()
  const recording = once(database, 'asked')
  const runs = new MemoryRunStore()
  const record = runs.recordTrial.bind(runs)
  runs.recordTrial = async (id, trial) => {
    if (trial.number === 0) {
      database.emit('asked')
      await once(database, 'answers')
    }
    await record(id, trial)
  }
  // Trial 8 waits for the first four while the next four run, which nothing ends but the interruption.
  const handle = (task: Task, { signal }: TaskContext) =>
    Number(/trial-(\d+)/.exec(task.key)![1]) < 4
      ? Promise.resolve(answer(task))
      : once(signal, 'abort').then(() => Promise.reject(signal.reason as Error))
  const stop = new AbortController()
  const running = search(searchSpecOf({}), handle, 12, null, { runs, signal: stop.signal })
  running.catch(() => undefined)
  await recording
  stop.abort(new BullpenError('BUDGET_SPENT', { budget: '5.00 USD', spent: '4.50 USD' }))
  await nextTurn()
  database.emit('answers')
  await expect(running).rejects.toMatchObject({ code: 'BUDGET_SPENT' })
})
