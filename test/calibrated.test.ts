import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from '@jest/globals'
import { calibrated } from '#core/model'
import type { ModelManifest } from '#core/registry'
import { classProbabilities, verdictOf, type ClassProbabilities } from '#core/verdict'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome } from './testing/command.ts'

const train = ['train', '--candles', 'sample:btcusdt-4h', '--space', 'quick', '--trials', '1', '--json']
const { home, remove } = makeHome()
afterAll(remove)

test('a calibrated run has the trees of a plain one, and answers with mended probabilities under its policy', async () => {
  const plain = documentOf<TrainingOutcome>(await bullpen(train, home))
  const options = ['--calibration', 'platt', '--policy', 'conformal', '--coverage', '0.7', '--fee-bps', '5']
  const mended = documentOf<TrainingOutcome>(await bullpen([...train, ...options], home))
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
