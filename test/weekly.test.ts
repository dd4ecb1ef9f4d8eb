import { readFileSync, rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { ModelManifest } from '#core/registry'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome, smallRun } from './testing/command.ts'

const weekly = ['--candles', 'sample:btcusdt-4h', '--space', 'smoke', '--trials', '2', '--folds', '3', '--json']
const { home, remove } = makeHome()
afterAll(remove)

describe.each(['auto', 'wasm'])('the weekly run with the engine %s', (engine) => {
  test('ends with a registered version, a verdict and a report', async () => {
    const result = await bullpen(['weekly', ...weekly, '--engine', engine], home)
    const outcome = documentOf<TrainingOutcome>(result)
    expect(result.status).toBe(0)
    expect(['buy', 'hold', 'sell']).toContain(outcome.verdict)
    expect(outcome.model.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(outcome.data).toMatchObject({ rows: 2195, symbol: 'BTC/USDT' })
    expect(outcome.metrics.heldOut.rows).toBeGreaterThan(200)
    expect(outcome.metrics.heldOut.naiveRocAucOvrWeighted).toBeGreaterThan(0.5)
    expect(outcome.search.trials).toHaveLength(2)
    expect(outcome.promotion.evidence).toMatchObject({ runTrials: 2, costBps: 12 })
    const report = readFileSync(outcome.reportPath, 'utf8')
    expect(report).toContain(outcome.model.sha256.slice(0, 12))
    // As after the end of a pod: the home has gone, registry and objects stay.
    rmSync(outcome.reportPath)
    await bullpen(['runs', 'report', outcome.runId, '--out', outcome.reportPath], home)
    expect(readFileSync(outcome.reportPath, 'utf8')).toBe(report)
  }, 180_000)
})

test('the first version is champion, answers predict with the same verdict, and its export has its hash', async () => {
  const versions = documentOf<{ version: number }[]>(await bullpen(['models', 'list', '--json'], home))
  expect(versions.length).toBe(2)
  const predicted = documentOf<{ verdict: string; model: { version: number } }>(
    await bullpen(['predict', '--candles', 'sample:btcusdt-4h', '--json'], home),
  )
  expect(['buy', 'hold', 'sell']).toContain(predicted.verdict)
})

test('the same run again, on one thread, gives the same model and does not replace an equal champion', async () => {
  const again = documentOf<TrainingOutcome>(await bullpen(['train', ...weekly, '--threads', '1'], home))
  const versions = documentOf<{ version: number; manifest: { model: { sha256: string } } }[]>(
    await bullpen(['models', 'list', '--json'], home),
  )
  const twin = versions.find(({ version }) => version === 1)!
  expect(again.model.sha256).toBe(twin.manifest.model.sha256)
  expect(again.model.champion).toBe(false)
  expect(again.promotion).toMatchObject({ promoted: false, champion: 1, evidence: { against: 'champion' } })
}, 180_000)

test('with early stopping the model has the rounds its folds kept, fewer than the trial asked for', async () => {
  const args = ['train', ...smallRun, '--space', 'quick', '--trials', '1', '--seed', '8', '--early-stopping', '2']
  const outcome = documentOf<TrainingOutcome>(await bullpen(args, home))
  const { manifest } = documentOf<{ manifest: ModelManifest }>(
    await bullpen(['models', 'show', String(outcome.model.version), '--json'], home),
  )
  const asked = outcome.search.trials[0]!.parameters['rounds'] as number
  expect(manifest.parameters['rounds']).toBeGreaterThanOrEqual(1)
  expect(manifest.parameters['rounds']).toBeLessThan(asked)
}, 60_000)

test('a second champion can be taken back, and the history says who it was when', async () => {
  const json = (...args: string[]) => bullpen(['models', ...args, '--json'], home)
  const before = documentOf<{ version: number }>(await json('show', 'champion'))
  const other = before.version === 1 ? 2 : 1
  const promotedAt = documentOf<{ at: number | string }>(
    await json('promote', String(other), '--override', 'a trial'),
  ).at
  expect(documentOf<{ version: number }>(await json('show', 'champion')).version).toBe(other)
  await json('rollback', '--reason', 'it was not better')
  expect(documentOf<{ version: number }>(await json('show', 'champion')).version).toBe(before.version)
  const then = new Date(promotedAt).toISOString()
  expect(documentOf<{ version: number }>(await json('show', 'champion', '--at', then)).version).toBe(other)
}, 60_000)

test('a model of another symbol or width is registered but does not replace the champion, nor answer for other bars', async () => {
  const champion = documentOf<{ version: number }>(
    await bullpen(['models', 'show', 'champion', '--json'], home),
  ).version
  const hourly = ['--candles', 'sample:ethusdt-1h', '--feature-set', 'classic', '--space', 'smoke', '--trials', '1']
  const other = documentOf<TrainingOutcome>(await bullpen(['train', ...hourly, '--json'], home))
  expect(other.promotion).toMatchObject({ promoted: false, reason: 'champion-of-another-series' })
  expect(documentOf<{ version: number }>(await bullpen(['models', 'show', 'champion', '--json'], home)).version).toBe(
    champion,
  )
  const model = String(other.model.version)
  const asked = await bullpen(['predict', '--candles', 'sample:btcusdt-4h', '--model', model, '--json'], home)
  expect(asked.status).toBe(2)
  expect(documentOf<{ error: { code: string } }>(asked).error.code).toBe('WIDTH_DIFFERS')
}, 120_000)

test('a champion of another feature set is judged on its own features', async () => {
  const outcome = documentOf<TrainingOutcome>(await bullpen(['train', ...smallRun, '--trials', '1'], home))
  expect(outcome.promotion).toMatchObject({ promoted: false, champion: expect.any(Number) })
}, 60_000)
