import { expect, test } from '@jest/globals'
import { exampleManifest } from '#core/registry/testing'
import { MemoryRunStore } from '#platform/memory'
import { triedTrials } from '../index.ts'

const example = exampleManifest('mine')
const manifest = { ...example, search: { trials: 9 }, splits: { name: 'purged' } }
const candles = { symbol: example.data.symbol, widthMs: example.data.widthMs }

/** A run whose search scored these trials, fold by fold, after one trial in each of two outer steps. */
async function runOf(runs: MemoryRunStore, id: string, scores: readonly (readonly number[])[]): Promise<void> {
  await runs.create(id, { candles })
  for (const step of [0, 1]) await runs.recordTask(id, `outer-${step}/search/trial-0/fold-0@1`, 0)
  for (const [number, folds] of scores.entries()) {
    for (const fold of folds.keys()) await runs.recordTask(id, `search/trial-${number}/fold-${fold}@1`, 0)
    await runs.recordTrial(id, {
      ...{ number, state: 'complete', parameters: {}, score: 0.5, metrics: {}, durationMs: 1 },
      folds: folds.map((rocAucOvrWeighted, fold) => ({ fold, metrics: { rocAucOvrWeighted } })),
    })
  }
}

test('trials of outer steps, of earlier runs and of runs that failed on the same series all count', async () => {
  const runs = new MemoryRunStore()
  await runOf(runs, 'earlier', [[0.5, 0.5]])
  await runOf(runs, 'mine', [
    [0.7, 0.7],
    [0.6, 0.6],
    [0.5, 0.5],
  ])
  await runOf(runs, 'failed', [[0.5, 0.5]])
  await runs.transition('failed', 'failed')
  await runs.create('other series', { candles: { ...candles, symbol: 'DOGE/USDT' } })
  await runs.recordTask('other series', 'search/trial-0/fold-0@1', 0)
  expect(await triedTrials(manifest, runs)).toEqual({ search: 3, outer: 2, otherRuns: 6, total: 11, overfitting: 0 })
})

test('a search whose best of one fold is the worst of the other is overfitting for sure', async () => {
  const runs = new MemoryRunStore()
  await runOf(runs, 'mine', [
    [0.7, 0.5],
    [0.6, 0.6],
    [0.5, 0.7],
  ])
  expect(await triedTrials(manifest, runs)).toMatchObject({ overfitting: 1 })
  const sharing = { ...manifest, splits: { name: 'combinatorial-purged' } }
  expect(await triedTrials(sharing, runs)).toMatchObject({ overfitting: null })
})

test('a run that the store does not know counts as what its search was asked for', async () => {
  const unknown = { search: 9, outer: 0, otherRuns: 0, total: 9, overfitting: null }
  expect(await triedTrials(manifest, new MemoryRunStore())).toEqual(unknown)
})
