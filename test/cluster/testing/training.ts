import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { sha256 } from '#core/hashing'
import { writeAtomically } from '#platform/files'
import type { TrainingOutcome } from '../../../coordinator/training/training-outcome.ts'
import type { ClusterLab } from './cluster-lab.ts'
import type { LabProcess, LabProcessEnd } from './lab-process.ts'

/** A run short enough to be disturbed many times over. */
export const shortRun = ['--candles', 'sample:btcusdt-4h', '--space', 'quick', '--folds', '2', '--seed', '3']

/** What must be the same however a run was disturbed. */
export interface Fingerprint {
  readonly sha256: string
  readonly best: number
  readonly trials: TrainingOutcome['search']['trials']
  readonly columns: readonly string[]
}

/** The outcome a `train --json` printed; throws with its stderr when it printed none. */
export function outcomeOf({ status, signal, stdout, stderr }: LabProcessEnd): TrainingOutcome {
  if (status === 0 && stdout.trim() !== '') return JSON.parse(stdout) as TrainingOutcome
  throw new Error(`no outcome (status ${String(status)}, signal ${String(signal)}):\n${stdout}${stderr}`)
}

export function fingerprint({ model, search: { trials, best }, columns }: TrainingOutcome): Fingerprint {
  return { sha256: model.sha256, best, trials, columns }
}

/**
 * The same run on one machine, without a queue and undisturbed. Made once for all suites that disturb it, and anew when
 * anything was compiled since.
 */
export async function undisturbed(lab: ClusterLab, trials: number): Promise<Fingerprint> {
  const args = ['train', ...shortRun, '--trials', String(trials), '--threads', '2', '--json']
  const key = sha256(JSON.stringify([args, sha256(await readFile('dist/.tsbuildinfo'))]))
  const path = join('dist', 'test-undisturbed', `${key}.json`)
  if (existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as Fingerprint
  const made = fingerprint(outcomeOf(await lab.bullpen(lab.network.control, args, { queue: false }).done))
  await writeAtomically(path, JSON.stringify(made))
  return made
}

/** Starts the run over the queue. */
export function startRun(lab: ClusterLab, trials: number): LabProcess {
  return lab.train([...shortRun, '--trials', String(trials)])
}

/** The id of a run that was started, once it has one. */
export async function runIdOf(coordinator: LabProcess): Promise<string> {
  const started = /run (\d{8}-\d{6}-[0-9a-f]{6}) started/
  await coordinator.saw(started)
  return started.exec(coordinator.stderr)![1]!
}

/** Every trial is stored once, and the fingerprint is that of the undisturbed run. */
export async function expectUndisturbed(lab: ClusterLab, outcome: TrainingOutcome, wanted: Fingerprint): Promise<void> {
  expect(fingerprint(outcome)).toEqual(wanted)
  const client = await lab.postgres.connect()
  try {
    const sql = 'SELECT number, state FROM bullpen.trials WHERE run_id = $1 ORDER BY number'
    const { rows } = await client.query(sql, [outcome.runId])
    expect(rows).toEqual(wanted.trials.map(({ number, state }) => ({ number, state })))
  } finally {
    await client.end()
  }
}
