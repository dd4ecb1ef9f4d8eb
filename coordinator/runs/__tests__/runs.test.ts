import { expect, test } from '@jest/globals'
import type { BullpenError } from '#core/errors'
import { MemoryRunStore } from '#platform/memory'
import { RunHold, thisHolder } from '../../holds/index.ts'
import type { ProgressEvent } from '../../progress.ts'
import { cancelRun, watchRun } from '../index.ts'

const never = new AbortController().signal
const note = () => undefined

async function setUp() {
  const runs = new MemoryRunStore()
  await runs.create('r', { search: { trials: 2 } })
  const cancelled: string[] = []
  const ledger = {
    cancel: (runId: string, running: string) =>
      Promise.resolve([]).then((ids) => (cancelled.push(`${runId} ${running}`), ids)),
  }
  return { runs, cancelled, cancelling: { runs, ledger, runId: 'r', note, signal: never, pollMs: 1 } }
}

const trial = (number: number, score: number) => ({
  number,
  state: 'complete' as const,
  parameters: {},
  score,
  metrics: { naiveRocAucOvrWeighted: 0.7 },
  folds: [],
  durationMs: 1,
})

test('a run without a coordinator is cancelled in the store, and its tasks on queues with it', async () => {
  const { runs, cancelled, cancelling } = await setUp()
  await runs.transition('r', 'search')
  expect(await cancelRun(cancelling)).toEqual({ run: 'r', state: 'interrupted', cancelled: true })
  expect(await runs.get('r')).toMatchObject({ state: 'interrupted', error: { code: 'INTERRUPTED' } })
  expect(await runs.holder('r')).toBeNull()
  expect(cancelled).toEqual(['r abort'])
})

test('a run whose coordinator lives is cancelled by it', async () => {
  const { runs, cancelling } = await setUp()
  const token = await runs.hold('r', thisHolder(), 60_000)
  await runs.transition('r', 'search', {}, token)
  const hold = new RunHold({ runs, runId: 'r', token, ttlMs: 60, graceMs: 0 })
  hold.signal.addEventListener('abort', () => {
    expect((hold.signal.reason as BullpenError).code).toBe('INTERRUPTED')
    void runs.transition('r', 'interrupted', {}, token).then(() => hold.release())
  })
  expect(await cancelRun(cancelling)).toEqual({ run: 'r', state: 'interrupted', cancelled: true })
})

test('a run that has ended stays as it is', async () => {
  const { runs, cancelling } = await setUp()
  await runs.transition('r', 'done')
  expect(await cancelRun(cancelling)).toEqual({ run: 'r', state: 'done', cancelled: false })
  await expect(cancelRun({ ...cancelling, runId: 'none' })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' })
})

test('a run is followed from the store until it ends', async () => {
  const { runs } = await setUp()
  const events: ProgressEvent[] = []
  await runs.transition('r', 'search')
  await runs.recordTrial('r', trial(0, 0.8))
  let seen: () => void = () => undefined
  const first = new Promise<void>((resolve) => {
    seen = resolve
  })
  const watching = watchRun({
    runs,
    runId: 'r',
    now: () => 0,
    signal: never,
    pollMs: 1,
    progress: (event) => {
      events.push(event)
      if (event.kind === 'trial') seen()
    },
  })
  await first
  await runs.recordTrial('r', trial(1, 0.75))
  await runs.transition('r', 'done')
  const best = { number: 0, score: 0.8, naive: 0.7 }
  expect(await watching).toMatchObject({ state: 'done', trials: { done: 2, of: 2 }, best, holder: null })
  expect(events.map(({ kind }) => kind)).toEqual(['run', 'stage-start', 'trial', 'note', 'stage-end', 'trial'])
})
