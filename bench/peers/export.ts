/**
 * Runs bullpen once and writes what it searched on for its peers: `export.js FOLDER SOURCE TRIALS THREADS` leaves
 * `matrix.f32` (rows x the columns selection kept, row-major), `task.json` (labels, folds, machine) and `bullpen.json`.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { computeFeatures, featureSet } from '#core/features'
import { labeler, naiveScore } from '#core/labels'
import { buildTrainingTable, gatherMatrix, planRows, splitter, type TrainingTable } from '#core/selection'
import { openCandleSource } from '#platform/market-data'
import type { TrainingOutcome } from '../../coordinator/training/training-outcome.ts'
import { machine } from '../machine.ts'

const [folder = '.', source = 'sample:btcusdt-4h', trials = '24', threads = '2'] = process.argv.slice(2)
const folds = 3
const home = mkdtempSync(join(tmpdir(), 'bullpen-peers-home-'))
mkdirSync(folder, { recursive: true })
try {
  const outcome = train()
  const { columns, search, stages, engine } = outcome
  const best = search.trials[search.best]!
  const timing = stages.find(({ stage }) => stage === 'search')!
  write('bullpen.json', {
    name: 'bullpen, TPE',
    version: `xgboost ${engine.version} (${engine.name})`,
    seconds: timing.ms / 1000,
    trials: search.trials.length,
    best: best.score,
    kernelSeconds: timing.fitMs / 1000,
  })
  const table = await tableOf()
  const splits = splitter('purged', table, { folds })
  const plan = planRows(table, { heldOutShare: 0.15, splits })
  const matrix = gatherMatrix(
    table,
    columns.map((name) => table.columns.indexOf(name)),
  )
  writeFileSync(join(folder, 'matrix.f32'), matrix.data)
  write('task.json', {
    rows: table.rows,
    columns: columns.length,
    labels: [...table.target].map((label) => label + 1),
    folds: splits.split(table, plan.development),
    machine: machine(),
    source,
  })
} finally {
  rmSync(home, { recursive: true, force: true })
}

function train(): TrainingOutcome {
  const program = resolve(import.meta.dirname, '../../coordinator/main/bullpen.js')
  const options = {
    '--candles': source,
    '--space': 'quick',
    '--trials': trials,
    '--threads': threads,
    '--folds': folds,
  }
  const args = Object.entries(options).flatMap(([name, value]) => [name, String(value)])
  const env = { ...process.env, BULLPEN_HOME: home }
  const stdout = execFileSync(process.execPath, [program, 'train', ...args, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(stdout.toString()) as TrainingOutcome
}

/** The run's training table once more: the same candles, features and labels give the same numbers. */
async function tableOf(): Promise<TrainingTable> {
  const series = await openCandleSource(source, { home })
  const set = featureSet('reference')
  const labels = labeler('swing').label(series)
  return buildTrainingTable({
    series,
    featureSet: set,
    features: computeFeatures(series, set),
    labels,
    naive: naiveScore(series),
  })
}

function write(name: string, document: object): void {
  writeFileSync(join(folder, name), JSON.stringify(document))
}
