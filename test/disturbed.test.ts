import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sha256 } from '#core/hashing'
import type { ModelManifest } from '#core/registry'
import { certified } from '#core/registry/testing'
import { openDatabase, PostgresModelRegistry, type Database } from '#platform/postgres'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome, smallRun, startBullpen } from './testing/command.ts'

const { home, remove } = makeHome()

let outcome: TrainingOutcome
let database: Database

beforeAll(async () => {
  outcome = documentOf<TrainingOutcome>(await bullpen(['train', ...smallRun, '--trials', '1'], home))
  database = await openDatabase({ home, onNote: () => undefined })
}, 120_000)
afterAll(async () => {
  await database.close()
  remove()
})

describe('a registry that does not fit the code', () => {
  test('a model of another feature-set hash is refused, naming both', async () => {
    const registry = new PostgresModelRegistry(database)
    const { manifest } = await registry.get(outcome.model.version)
    const foreign: ModelManifest = {
      ...manifest,
      runId: 'another-code',
      contract: { ...manifest.contract, featureSetHash: '0'.repeat(64) },
    }
    const { version } = await registry.publish(certified(foreign))
    const args = ['predict', '--candles', 'sample:btcusdt-4h', '--model', String(version), '--json']
    const refused = await bullpen(args, home)
    expect(refused.status).toBe(1)
    const { error } = documentOf<{ error: { code: string; message: string } }>(refused)
    expect(error.code).toBe('FEATURES_DIFFER')
    expect(error.message).toContain('0'.repeat(64))
    expect(error.message).toContain(manifest.contract.featureSetHash)
  })

  test('a registry with a migration this code does not know is refused', async () => {
    await database.query(`INSERT INTO bullpen.schema_migrations (name, run_on) VALUES ('9999_from-the-future', now())`)
    const refused = await bullpen(['models', 'list', '--json'], home)
    await database.query(`DELETE FROM bullpen.schema_migrations WHERE name = '9999_from-the-future'`)
    expect(refused.status).toBe(1)
    expect(documentOf<{ error: { code: string } }>(refused).error.code).toBe('REGISTRY_NEWER')
  })
})

test('a database that dies in the middle of a run is an error, and the run can be resumed', async () => {
  const own = makeHome()
  try {
    const args = ['train', ...smallRun, '--trials', '8', '--seed', '9']
    const whole = documentOf<TrainingOutcome>(await bullpen(args, home))
    const running = startBullpen(args, own.home)
    await running.saw(/trial 2\b/)
    process.kill(serverPid(own.home), 'SIGKILL')
    const { status, stderr } = await running.done
    expect(status).toBe(1)
    expect(stderr).toContain('bullpen: DATABASE_UNAVAILABLE: ')
    const runId = /bullpen train --resume (\S+)/.exec(stderr)![1]!
    const resumed = await bullpen(['train', '--resume', runId, '--json'], own.home)
    expect(documentOf<TrainingOutcome>(resumed).model.sha256).toBe(whole.model.sha256)
  } finally {
    own.remove()
  }
}, 180_000)

// A disk of our own needs mount, so root.
const asRoot = process.getuid?.() === 0 ? test : test.skip
asRoot('a full disk is one error and leaves nothing half-written', async () => {
  const small = join(home, 'small-disk')
  mkdirSync(small)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small])
  try {
    const refused = await bullpen(
      ['features', '--candles', 'sample:btcusdt-4h', '--out', join(small, 'f.csv'), '--json'],
      home,
    )
    expect(refused.status).toBe(1)
    expect(documentOf<{ error: { code: string } }>(refused).error.code).toBe('DISK_FULL')
    expect(readdirSync(small)).toEqual([])
  } finally {
    execFileSync('umount', [small])
  }
})

test('the object folder holds whole objects only', () => {
  const folder = join(home, 'objects')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(3)
  for (const { parentPath, name } of files) {
    const digest = sha256(readFileSync(join(parentPath, name)))
    expect(digest).toBe(`${relative(folder, parentPath).replaceAll('/', '')}${name}`.slice(-64))
  }
})

/** Process id of the embedded server of a home: the first line of its postmaster.pid. */
function serverPid(folder: string): number {
  const found = readdirSync(join(folder, 'postgres'), { recursive: true, encoding: 'utf8' })
  const file = found.find((name) => name.endsWith('postmaster.pid'))!
  return Number(readFileSync(join(folder, 'postgres', file), 'utf8').split('\n')[0])
}
