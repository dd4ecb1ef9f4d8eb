import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from '@jest/globals'
import { calibrated } from '#core/model'
import type { ModelManifest } from '#core/registry'
import { classProbabilities, verdictOf, type ClassProbabilities } from '#core/verdict'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { openDatabase, PostgresDriftActions } from '#platform/postgres'
import { bullpen, documentOf, makeHome, smallRun } from './testing/command.ts'

/** Trees that are sure of themselves: there must be something to mend. */
const run = [...smallRun, '--space', 'quick', '--trials', '1']
const { home, remove } = makeHome()
afterAll(remove)

/** Drift actions in the database of the home, closed again: commands open it themselves. */
async function withActions<T>(work: (actions: PostgresDriftActions) => Promise<T>): Promise<T> {
  const database = await openDatabase({ home, onNote: () => undefined })
  try {
    return await work(new PostgresDriftActions(database))
  } finally {
    await database.close()
  }
}

let plain: TrainingOutcome

test('a weekly run when wanted does nothing until drift asks for it, trains then, and has answered it', async () => {
  const weekly = () => bullpen(['weekly', '--when-wanted', ...run], home)
  expect(documentOf(await weekly())).toEqual({ wanted: [] })
  const series = { symbol: 'BTC/USDT', widthMs: 14_400_000 }
  const wish = { kind: 'retrain-wanted', version: 1, ...series, at: 1000, reason: 'return beyond its limit' } as const
  await withActions((actions) => actions.record(wish))
  plain = documentOf<TrainingOutcome>(await weekly())
  expect(plain.model.version).toBe(1)
  expect(await withActions((actions) => actions.retrainWanted())).toEqual([])
}, 180_000)

test('a calibrated run has the trees of a plain one, and answers with mended probabilities under its policy', async () => {
  const options = ['--calibration', 'platt', '--policy', 'conformal', '--coverage', '0.7', '--fee-bps', '5']
  const mended = documentOf<TrainingOutcome>(await bullpen(['train', ...run, ...options], home))
  const { manifest } = documentOf<{ manifest: ModelManifest }>(
    await bullpen(['models', 'show', String(mended.model.version), '--json'], home),
  )
  const predicted = documentOf<{ verdict: string; probabilities: ClassProbabilities }>(
    await bullpen(
      ['predict', '--candles', 'sample:btcusdt-4h', '--model', String(mended.model.version), '--json'],
      home,
    ),
  )
  const { calibration, policy } = manifest.contract
  const raw = Float64Array.of(plain.probabilities.sell, plain.probabilities.hold, plain.probabilities.buy)
  const expected = classProbabilities(calibrated(calibration!, raw))

  expect(mended.model.sha256).toBe(plain.model.sha256)
  expect(predicted.probabilities).toEqual(expected)
  expect(predicted.probabilities).not.toEqual(plain.probabilities)
  expect(predicted.verdict).toBe(verdictOf(expected, policy))
  expect(manifest.calibration).toMatchObject({ kind: 'platt', policy: 'conformal', feeBps: 5 })
  const { outOfFold, heldOut } = manifest.calibration!
  expect(outOfFold.after.logLoss).toBeLessThan(outOfFold.before.logLoss)
  expect(outOfFold.coverage?.coverage).toBeGreaterThanOrEqual(0.7)
  expect(heldOut.coverage?.rows).toBe(manifest.heldOut.rows)
  expect(manifest.heldOut.logLoss).toBe(heldOut.after.logLoss)
  expect(readFileSync(mended.reportPath, 'utf8')).toContain('Calibration and abstention')
}, 180_000)
