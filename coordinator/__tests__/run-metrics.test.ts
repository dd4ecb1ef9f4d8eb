import { expect, test } from '@jest/globals'
import { RunMetricsRecorder } from '../run-metrics.ts'

test('trials are counted by state, beside the best score', () => {
  const metrics = new RunMetricsRecorder()
  metrics.onProgress({ kind: 'run', runId: 'r', resumed: false })
  metrics.onProgress({ kind: 'stage-start', stage: 'search' })
  const best = { number: 0, score: 0.8 }
  metrics.onProgress({ kind: 'trial', number: 0, trials: 3, state: 'complete', score: 0.8, best })
  metrics.onProgress({ kind: 'trial', number: 1, trials: 3, state: 'failed', score: null, best })
  expect(metrics).toMatchObject({ runId: 'r', stage: 'search', plannedTrials: 3, bestScore: 0.8 })
  expect(metrics.trials).toEqual({ complete: 1, pruned: 0, failed: 1 })
  metrics.onProgress({ kind: 'stage-end', stage: 'search', ms: 1, text: '' })
  expect(metrics.stage).toBeNull()
})

test('time away adds up, and counts while it lasts', () => {
  let now = 0
  const metrics = new RunMetricsRecorder(() => now)
  metrics.onAway('database')
  now = 5
  expect(metrics.awayMs).toEqual({ database: 5 })
  metrics.onBack('database')
  now = 10
  metrics.onAway('database')
  now = 12
  expect(metrics.awayMs).toEqual({ database: 7 })
  expect(metrics.away).toEqual(['database'])
})
