import { mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { TrainingOutcome } from '../coordinator/training/training-outcome.ts'
import { bullpen, documentOf, makeHome, smallRun, type CommandResult } from './testing/command.ts'

const { home, remove } = makeHome()
afterAll(remove)

const files = join(home, 'files')
const hour = 3_600_000
const start = Date.UTC(2020, 0, 1)

type Row = [number, number, number, number, number, number]

/** Hourly ccxt rows that wander; deterministic. */
function rows(count: number): Row[] {
  let price = 100
  return Array.from({ length: count }, (_, i) => {
    const open = price
    price *= 1 + 0.01 * Math.sin(i * 0.7) + 0.004 * Math.sin(i * 0.13)
    return [start + i * hour, open, Math.max(open, price) * 1.001, Math.min(open, price) * 0.999, price, 10 + (i % 7)]
  })
}

function written(name: string, content: string | Uint8Array): string {
  mkdirSync(files, { recursive: true })
  const path = join(files, name)
  writeFileSync(path, content)
  return path
}

/** A failing command prints one line with the code, and the same as JSON; its stdout holds nothing else. */
function expectFailure(result: CommandResult, code: string, status: number, ...said: (string | RegExp)[]): void {
  const { error } = documentOf<{ error: { code: string; message: string; advice: string } }>(result)
  expect(error.code).toBe(code)
  expect(result.status).toBe(status)
  expect(result.stderr).toContain(`bullpen: ${code}: `)
  for (const words of said) expect(error.message).toMatch(words)
}

function broken(change: (rows: Row[]) => void): string {
  const all = rows(40)
  change(all)
  return JSON.stringify(all)
}

describe('a defect in the candles', () => {
  const defects: readonly [string, string | Uint8Array, string, ...RegExp[]][] = [
    [
      'contradictory duplicates',
      broken((r) => r.splice(5, 0, [start + 5 * hour, 1, 2, 0.5, 1, 1])),
      'CANDLES_CONTRADICT',
      /json/,
    ],
    ['a number that is none', broken((r) => (r[7]![4] = null as never)), 'CANDLE_NOT_NUMBER', /8|7/],
    ['high below close', broken((r) => (r[3]![2] = 1)), 'CANDLE_HIGH', /json/],
    ['low above open', broken((r) => (r[3]![3] = 1e6)), 'CANDLE_LOW', /json/],
    ['negative volume', broken((r) => (r[9]![5] = -1)), 'CANDLE_VOLUME', /-1/],
    [
      'mixed widths',
      broken((r) => {
        for (let i = 20; i < r.length; i++) r[i]![0] = start + 20 * hour + (i - 20) * 1_800_000
      }),
      'CANDLES_MIXED_WIDTHS',
      /json/,
    ],
    ['an empty file', '', 'CANDLES_EMPTY', /json/],
    ['a truncated file', broken(() => undefined).slice(0, 500), 'CANDLES_FILE_CORRUPT', /json/],
  ]
  test.each(defects)('%s is refused by name', async (name, content, code, ...said) => {
    const path = written(`${name.replaceAll(' ', '-')}.json`, content)
    expectFailure(await bullpen(['candles', 'check', path, '--json'], home), code, 1, ...said)
  })
})

describe('wrong usage', () => {
  const usage: readonly [string, readonly string[], string][] = [
    ['an unknown feature set', ['--feature-set', 'magic'], 'UNKNOWN_NAME'],
    ['an unknown engine', ['--engine', 'catboost'], 'UNKNOWN_NAME'],
    ['an unknown sampler', ['--sampler', 'oracle'], 'UNKNOWN_NAME'],
    ['an unknown space', ['--space', 'outer'], 'UNKNOWN_NAME'],
    ['a number of trials that is none', ['--trials', 'many'], 'USAGE'],
    ['an option that does not exist', ['--tirals', '3'], 'USAGE'],
    ['a label parameter without a number', ['--label-param', 'take-profit'], 'USAGE'],
    ['a parameter the label does not have', ['--label-param', 'take-profit=2'], 'UNKNOWN_NAME'],
    [
      'a label that weighs its rows where the engine cannot',
      ['--label', 'triple-barrier', '--engine', 'wasm'],
      'ENGINE_WITHOUT_WEIGHTS',
    ],
  ]
  test.each(usage)('%s ends with status 2', async (_, args, code) => {
    expectFailure(await bullpen(['train', '--candles', 'sample:btcusdt-4h', ...args, '--json'], home), code, 2)
  })

  test('no candles at all says what to add', async () => {
    expectFailure(await bullpen(['train', '--json'], home), 'USAGE', 2, /--candles/)
  })

  test('an unknown alias names the known ones', async () => {
    const result = await bullpen(['predict', '--candles', 'sample:btcusdt-4h', '--model', 'hero', '--json'], home)
    expectFailure(result, 'UNKNOWN_NAME', 2, /hero/)
  })

  test('a run that does not exist cannot be resumed', async () => {
    expectFailure(await bullpen(['train', '--resume', '20200101-000000-abcdef', '--json'], home), 'RUN_NOT_FOUND', 2)
  })

  test('a file of hosts that is not there is named, and so is a target that has no hosts', async () => {
    const [absent, local] = await Promise.all([
      bullpen(['leaks', '--target', 'ssh', '--hosts', 'nowhere.json', '--json'], home),
      bullpen(['cluster', 'up', '--target', 'local', '--hosts', 'nowhere.json', '--json'], home),
    ])
    expectFailure(absent, 'HOSTS_INVALID', 2, /nowhere\.json: it is not there/)
    expectFailure(local, 'USAGE', 2, /--hosts is for target ssh/)
  })
})

describe('data that cannot bear the question', () => {
  test('too few rows says how many are needed', async () => {
    const path = written('short.json', JSON.stringify(rows(500)))
    expectFailure(
      await bullpen(['train', '--candles', path, '--json'], home),
      'TOO_FEW_ROWS',
      1,
      /500 candles.*\d{3,} are needed/,
    )
  })

  test('a last segment that is still warming up is refused before anything is computed', async () => {
    const holed = rows(3000).filter((_, i) => i !== 2900)
    const path = written('holed.json', JSON.stringify(holed))
    const refused = await bullpen(['train', '--candles', path, '--gaps', 'split', '--json'], home)
    expectFailure(refused, 'TOO_FEW_ROWS', 1, /99 candles.*300 are needed.*--gaps split/)
    expect(refused.stderr).not.toContain('features: started')
  })

  test('one class in a fold names the fold', async () => {
    const flat = rows(3000).map(([t], i): Row => [t, 100, 100.01, 99.99, 100 + (i % 2) * 0.01, 1])
    const path = written('flat.json', JSON.stringify(flat))
    const args = ['train', '--candles', path, '--feature-set', 'classic', '--json']
    expectFailure(await bullpen(args, home), 'ONE_CLASS', 1, /fold/)
  })
})

describe('a damaged registry', () => {
  let outcome: TrainingOutcome
  const predict = ['predict', '--candles', 'sample:btcusdt-4h', '--json']

  beforeAll(async () => {
    outcome = documentOf<TrainingOutcome>(await bullpen(['train', ...smallRun, '--trials', '1'], home))
  }, 120_000)

  test('a corrupted object is refused with both hashes, a missing one with its own', async () => {
    const path = objectPath(outcome.model.sha256)
    const whole = readFileSync(path)
    const damaged = Buffer.from(whole)
    damaged[100]! ^= 1
    writeFileSync(path, damaged)
    const { sha256 } = outcome.model
    expectFailure(await bullpen(predict, home), 'OBJECT_CORRUPT', 1, sha256, /[0-9a-f]{64}.*[0-9a-f]{64}/)
    unlinkSync(path)
    expectFailure(await bullpen(predict, home), 'OBJECT_NOT_FOUND', 1, sha256)
    writeFileSync(path, whole)
    expect((await bullpen(predict, home)).status).toBe(0)
  }, 60_000)

  function objectPath(sha256: string): string {
    const folder = join(home, 'objects')
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(
      (name) => sha256.endsWith(name.split('/').at(-1)!) && name.replaceAll('/', '').endsWith(sha256.slice(2)),
    )
    if (!found) throw new Error(`object ${sha256} has no file`)
    return join(folder, found)
  }
})

test('a failure says nothing on stdout without --json, and no stack without --verbose', async () => {
  const { stdout, stderr, status } = await bullpen(['train', '--candles', 'nowhere.csv'], home)
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
  expect(stderr).toMatch(/^bullpen: CANDLES_NOT_FOUND: .*nowhere\.csv.*\. .*\.\n$/m)
  expect(stderr).not.toContain('    at ')
  expect((await bullpen(['train', '--candles', 'nowhere.csv', '--verbose'], home)).stderr).toContain('    at ')
})
