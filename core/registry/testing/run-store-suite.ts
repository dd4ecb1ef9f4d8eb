import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { RunStore, TrialRecord } from '#core/registry'
import { sha256 } from '#core/hashing'

/** An empty run store that reads the time from the clock it is given. */
export interface RunStoreFixture {
  readonly runs: RunStore
  close(): Promise<void> | void
}

const start = 1_700_000_000_000
const failure = { code: 'INTERNAL', message: 'unexpected \0 failure', retryable: false, details: { a: 1 } } as const

/** What every run store promises. */
export function describeRunStore(name: string, open: (clock: () => number) => Promise<RunStoreFixture>): void {
  describe(`${name} keeps the promises of a run store`, () => {
    let fixture: RunStoreFixture
    let runs: RunStore
    let now = start

    beforeEach(async () => {
      now = start
      fixture = await open(() => now)
      runs = fixture.runs
    })
    afterEach(() => fixture.close())

    const trial = (number: number, more: Partial<TrialRecord> = {}): TrialRecord => ({
      number,
      state: 'complete',
      parameters: { rounds: 300, learningRate: 0.012345678901234567, kind: 'hist' },
      score: 0.8123456789012345,
      metrics: { logLoss: 0.5 },
      folds: [
        { fold: 0, metrics: { rocAucOvrWeighted: 0.81 } },
        { fold: 1, metrics: { rocAucOvrWeighted: 0.82 } },
      ],
      durationMs: 12.5,
      ...more,
    })

    test('a run is created with its specification and read back', async () => {
      const spec = { seed: 7, nested: { list: [1, 'two', null, { three: 3.3e-9 }] } }
      const run = await runs.create('r1', spec)
      const state = 'created'
      expect(run).toEqual({ id: 'r1', state, spec, createdAt: start, updatedAt: start, error: null, summary: null })
      expect(await runs.get('r1')).toEqual(run)
    })

    test('a run is created once', async () => {
      await runs.create('r1', { seed: 1 })
      await expect(runs.create('r1', { seed: 2 })).rejects.toMatchObject({ code: 'RUN_EXISTS' })
      expect((await runs.get('r1')).spec).toEqual({ seed: 1 })
    })

    test('runs are listed newest first, as many as asked', async () => {
      for (const id of ['b', 'a', 'c']) await runs.create(id, {})
      expect((await runs.list(2)).map(({ id }) => id)).toEqual(['c', 'a'])
    })

    test('a failed run that goes on loses its error and keeps its summary', async () => {
      await runs.create('r1', {})
      now += 10
      await runs.transition('r1', 'failed', { error: failure, summary: { trials: 3 } })
      const failed = { state: 'failed', error: failure, summary: { trials: 3 }, updatedAt: start + 10 }
      expect(await runs.get('r1')).toMatchObject(failed)
      await runs.transition('r1', 'search')
      expect(await runs.get('r1')).toMatchObject({ state: 'search', error: null, summary: { trials: 3 } })
      now -= 60_000
      await runs.transition('r1', 'done', { summary: { version: 1 } })
      expect(await runs.get('r1')).toMatchObject({ state: 'done', summary: { version: 1 }, updatedAt: start + 10 })
    })

    test('the first result of a task stays', async () => {
      await runs.create('r1', {})
      await runs.recordTask('r1', 'fold/0', { metrics: [0.1, null], text: 'é\0' })
      await runs.recordTask('r1', 'fold/0', { metrics: [0.2] })
      await runs.recordTask('r1', 'list', [1, 2])
      await runs.recordTask('r1', 'nothing', undefined)
      expect(await runs.taskResults('r1')).toEqual(
        new Map<string, unknown>([
          ['fold/0', { metrics: [0.1, null], text: 'é\0' }],
          ['list', [1, 2]],
          ['nothing', null],
        ]),
      )
    })

    test('trials come back by number with their folds, to the last bit; the first of a number stays', async () => {
      await runs.create('r1', {})
      const failed = trial(0, { state: 'failed', score: null, metrics: {}, folds: [] })
      const trials = [trial(2), failed, trial(1, { state: 'pruned', folds: trial(1).folds.toReversed() })]
      await Promise.all(trials.map((one) => runs.recordTrial('r1', one)))
      await runs.recordTrial('r1', trial(2, { score: 0, folds: [{ fold: 7, metrics: {} }] }))
      expect(await runs.trials('r1')).toEqual([failed, trial(1, { state: 'pruned' }), trial(2)])
    })

    test('trials are counted over all runs on a series, by their scored folds, those of outer steps apart', async () => {
      const onSeries = (symbol: string, widthMs: number) => ({ candles: { symbol, widthMs } })
      await runs.create('nested', onSeries('BTC/USDT', 14_400_000))
      await runs.create('failed', onSeries('BTC/USDT', 14_400_000))
      await runs.create('without', onSeries('BTC/USDT', 14_400_000))
      await runs.create('wider', onSeries('BTC/USDT', 86_400_000))
      await runs.create('no candles', {})
      const tasks = ['features@0', 'search/trial-0/fold-0@1', 'search/trial-0/fold-1@2', 'search/trial-10/fold-0@3']
      const outer = ['outer-0/search/trial-0/fold-0@4', 'outer-1/search/trial-0/fold-0@5', 'outer-1/fit@6']
      const examined = 'certificate/shuffled-labels/fit@7'
      for (const key of [...tasks, ...outer, examined]) await runs.recordTask('nested', key, 0)
      await runs.recordTask('failed', 'search/trial-0/fold-2@8', 0)
      await runs.transition('failed', 'failed', { error: failure })
      await runs.recordTask('wider', 'search/trial-0/fold-0@9', 0)
      expect(await runs.trialCounts({ symbol: 'BTC/USDT', widthMs: 14_400_000 })).toEqual([
        { runId: 'nested', search: 2, outer: 2 },
        { runId: 'failed', search: 1, outer: 0 },
        { runId: 'without', search: 0, outer: 0 },
      ])
      expect(await runs.trialCounts({ symbol: 'ETH/USDT', widthMs: 14_400_000 })).toEqual([])
    })

    test('a score that is no number is kept as none', async () => {
      await runs.create('r1', {})
      await runs.recordTrial('r1', trial(0, { score: NaN }))
      expect((await runs.trials('r1'))[0]?.score).toBeNull()
    })

    test('data sets are told once per run, and shared between runs', async () => {
      const candles = { kind: 'candles', sha256: sha256('candles'), rows: 2195, columns: 6 }
      const table = { kind: 'table', sha256: sha256('table'), rows: 2000, columns: 246 }
      for (const id of ['r1', 'r2']) {
        await runs.create(id, {})
        for (const dataSet of [table, candles, table]) await runs.recordDataSet(id, dataSet)
      }
      expect(await runs.dataSets('r2')).toEqual([table, candles])
    })

    test('one coordinator holds a run; another is told who and for how long, until the hold is given back', async () => {
      await runs.create('r1', {})
      expect(await runs.holder('r1')).toBeNull()
      const token = await runs.hold('r1', 'a', 60_000)
      expect(await runs.holder('r1')).toMatchObject({ holder: 'a' })
      await expect(runs.hold('r1', 'b', 60_000)).rejects.toMatchObject({
        code: 'RUN_HELD',
        details: { run: 'r1', holder: 'a', seconds: expect.any(Number) },
      })
      await runs.releaseHold('r1', '00000000-0000-4000-8000-000000000000')
      expect(await runs.renewHold('r1', token, 60_000)).toBe('held')
      await runs.releaseHold('r1', token)
      expect(await runs.renewHold('r1', token, 60_000)).toBe('lost')
      expect(await runs.hold('r1', 'b', 60_000)).not.toBe(token)
    })

    test('of coordinators that ask at once one gets the run', async () => {
      await runs.create('r1', {})
      const asked = await Promise.allSettled(['a', 'b', 'c', 'd'].map((holder) => runs.hold('r1', holder, 60_000)))
      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    test('a transition under a hold is made while the hold is current, and refused afterwards', async () => {
      await runs.create('r1', {})
      const first = await runs.hold('r1', 'a', 60_000)
      await runs.transition('r1', 'features', {}, first)
      const second = await runs.hold('r1', 'a', 60_000)
      await expect(runs.transition('r1', 'search', {}, first)).rejects.toMatchObject({ code: 'RUN_HOLD_LOST' })
      expect((await runs.get('r1')).state).toBe('features')
      await runs.transition('r1', 'search', {}, second)
      expect((await runs.get('r1')).state).toBe('search')
    })

    // A store with a clock of its own lets time pass by itself; the others are given it.
    test('a hold that is not renewed lapses', async () => {
      await runs.create('r1', {})
      const token = await runs.hold('r1', 'a', 1)
      while ((await runs.holder('r1')) !== null) now += 1
      expect(await runs.holder('r1')).toBeNull()
      await expect(runs.transition('r1', 'search', {}, token)).rejects.toMatchObject({ code: 'RUN_HOLD_LOST' })
      await runs.hold('r1', 'b', 60_000)
    })

    test('a lapsed hold goes on when nobody has had the run since, and is lost when somebody has', async () => {
      await runs.create('r1', {})
      const token = await runs.hold('r1', 'a', 1)
      while ((await runs.holder('r1')) !== null) now += 1
      expect(await runs.renewHold('r1', token, 1)).toBe('held')
      while ((await runs.holder('r1')) !== null) now += 1
      const other = await runs.hold('r1', 'b', 60_000)
      expect(await runs.renewHold('r1', token, 60_000)).toBe('lost')
      await runs.releaseHold('r1', other)
      expect(await runs.renewHold('r1', token, 60_000)).toBe('lost')
      expect(await runs.holder('r1')).toBeNull()
    })

    test('a run is taken over from exactly the holder named as dead', async () => {
      await runs.create('r1', {})
      const dead = await runs.hold('r1', 'host/1/x', 60_000)
      const refused = runs.hold('r1', 'host/2/y', 60_000, { takeOverFrom: 'host/1/w' })
      await expect(refused).rejects.toMatchObject({ code: 'RUN_HELD', details: { holder: 'host/1/x' } })
      await runs.hold('r1', 'host/2/y', 60_000, { takeOverFrom: 'host/1/x' })
      expect(await runs.renewHold('r1', dead, 60_000)).toBe('lost')
      expect(await runs.holder('r1')).toMatchObject({ holder: 'host/2/y' })
    })

    test('when a run was held stays known, one time after the other', async () => {
      await runs.create('r1', {})
      expect(await runs.heldTimes('r1')).toEqual([])
      const first = await runs.hold('r1', 'a', 1)
      while ((await runs.holder('r1')) !== null) now += 1
      expect((await runs.heldTimes('r1')).map(({ from, until }) => until - from)).toEqual([0])
      await runs.renewHold('r1', first, 1)
      const [renewed] = await runs.heldTimes('r1')
      expect(renewed!.until).toBeGreaterThan(renewed!.from)
      while ((await runs.holder('r1')) !== null) now += 1
      const second = await runs.hold('r1', 'b', 60_000)
      await runs.renewHold('r1', first, 60_000)
      now += 5
      await runs.releaseHold('r1', second)
      await runs.releaseHold('r1', second)
      const [before, after, ...more] = await runs.heldTimes('r1')
      expect([before, more]).toEqual([renewed, []])
      expect(after!.from).toBeGreaterThan(before!.until)
      expect(after!.until).toBeGreaterThanOrEqual(after!.from)
      await runs.create('r2', {})
      expect(await runs.heldTimes('r2')).toEqual([])
    })

    test('a wish to cancel reaches the holder when it renews, and not the next one', async () => {
      await runs.create('r1', {})
      expect(await runs.requestCancel('r1')).toBe(false)
      const token = await runs.hold('r1', 'a', 60_000)
      expect(await runs.requestCancel('r1')).toBe(true)
      expect(await runs.renewHold('r1', token, 60_000)).toBe('cancel')
      expect(await runs.renewHold('r1', token, 60_000)).toBe('cancel')
      await runs.releaseHold('r1', token)
      expect(await runs.requestCancel('r1')).toBe(false)
      const next = await runs.hold('r1', 'b', 60_000)
      expect(await runs.renewHold('r1', next, 60_000)).toBe('held')
    })

    test('runs do not see each other', async () => {
      for (const id of ['r1', 'r2']) await runs.create(id, {})
      await runs.recordTask('r1', 'k', 1)
      await runs.recordTrial('r1', trial(0))
      expect(await runs.taskResults('r2')).toEqual(new Map())
      expect(await runs.trials('r2')).toEqual([])
      expect(await runs.dataSets('r2')).toEqual([])
    })

    const dataSet = { kind: 'table', sha256: sha256('x'), rows: 1, columns: 1 }
    test.each<[string, (store: RunStore) => Promise<unknown>]>([
      ['get', (store) => store.get('none')],
      ['transition', (store) => store.transition('none', 'done')],
      ['hold', (store) => store.hold('none', 'a', 1000)],
      ['requestCancel', (store) => store.requestCancel('none')],
      ['holder', (store) => store.holder('none')],
      ['heldTimes', (store) => store.heldTimes('none')],
      ['recordTask', (store) => store.recordTask('none', 'k', 1)],
      ['taskResults', (store) => store.taskResults('none')],
      ['recordTrial', (store) => store.recordTrial('none', trial(0))],
      ['trials', (store) => store.trials('none')],
      ['recordDataSet', (store) => store.recordDataSet('none', dataSet)],
      ['dataSets', (store) => store.dataSets('none')],
    ])('%s of an unknown run says so', async (_, call) => {
      await expect(call(runs)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND', details: { run: 'none' } })
    })
  })
}
