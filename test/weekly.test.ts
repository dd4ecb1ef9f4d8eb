import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome } from './testing/command.ts'

const quick = ['--candles', 'sample:btcusdt-4h', '--space', 'quick', '--trials', '2', '--folds', '3', '--json']
const { home, remove } = makeHome()
afterAll(remove)

describe.each(['auto', 'wasm'])('the weekly run with the engine %s', (engine) => {
  test('ends with a registered version, a verdict and a report', async () => {
    const result = await bullpen(['weekly', ...quick, '--engine', engine], home)
    const outcome = documentOf<TrainingOutcome>(result)
    expect(result.status).toBe(0)
    expect(['buy', 'hold', 'sell']).toContain(outcome.verdict)
    expect(outcome.model.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(outcome.data).toMatchObject({ rows: 2195, symbol: 'BTC/USDT' })
    expect(outcome.metrics.heldOut.rows).toBeGreaterThan(200)
    expect(outcome.metrics.heldOut.naiveRocAucOvrWeighted).toBeGreaterThan(0.5)
    expect(outcome.search.trials).toHaveLength(2)
    expect(existsSync(outcome.reportPath)).toBe(true)
    expect(readFileSync(outcome.reportPath, 'utf8')).toContain(outcome.model.sha256.slice(0, 12))
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

test('the same run again gives the same model and does not replace an equal champion', async () => {
  const again = documentOf<TrainingOutcome>(await bullpen(['train', ...quick, '--engine', 'wasm'], home))
  const versions = documentOf<{ version: number; manifest: { model: { sha256: string } } }[]>(
    await bullpen(['models', 'list', '--json'], home),
  )
  const twin = versions.find(({ version }) => version === 2)!
  expect(again.model.sha256).toBe(twin.manifest.model.sha256)
  expect(again.model.champion).toBe(false)
}, 180_000)
