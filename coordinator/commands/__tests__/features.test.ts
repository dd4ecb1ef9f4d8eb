import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { openCandleSource } from '#platform/market-data'
import { addFeaturesCommand, type FeaturesContext } from '../features.ts'
import type { Session } from '../session.ts'

const fixtures = new URL('../../../../core/features/__tests__/fixtures/', import.meta.url)
const candles = new URL('golden-candles.json.gz', fixtures).pathname

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'features-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('the written csv is the golden table', async () => {
  const out = join(folder, 'features.csv.gz')
  const { answers } = await bullpen('features', '--candles', candles, '--out', out, '--label', 'swing')
  const written = readCsv(out)
  const golden = readCsv(new URL('golden-features.csv.gz', fixtures).pathname)
  expect(written.header).toEqual(golden.header)
  expect(written.rows.length).toBe(2195)
  const wrong: string[] = []
  for (const expected of golden.rows) {
    const actual = written.rows[Number(expected.at(-1))]!
    expected.forEach((field, i) => {
      const close = Math.abs(Number(actual[i]) - Number(field)) <= 1e-9 * Math.abs(Number(field)) + 1e-10
      const equal = field === '' || i === 0 ? actual[i] === field : actual[i] !== '' && close
      if (!equal) wrong.push(`${golden.header[i]}: ${actual[i]} is not ${field}`)
    })
  }
  expect(wrong).toEqual([])
  expect(answers).toMatchObject([{ path: out, rows: 2195, features: 243, featureSet: 'reference', label: 'swing' }])
})

test('without a label the table ends with the features of the set asked for', async () => {
  const out = join(folder, 'features.csv')
  await bullpen('features', '--candles', candles, '--out', out, '--feature-set', 'classic')
  expect(readCsv(out).header.at(-1)).toBe('weekday')
})

test.each([
  ['UNKNOWN_NAME', ['--feature-set', 'nosuch']],
  ['UNKNOWN_NAME', ['--label', 'nosuch']],
  ['CANDLES_GAPS', ['--gaps', 'reject']],
])('%s leaves nothing behind', async (code, options) => {
  const out = join(folder, 'features.csv')
  const run = bullpen('features', '--candles', candles, '--out', out, ...options)
  await expect(run).rejects.toMatchObject({ code })
  expect(readdirSync(folder)).toEqual([])
})

test.each([
  ['give either --candles or --all', []],
  ['give either --candles or --all', ['--all', '--candles', candles]],
  ['--out takes the features of one series', ['--candles', candles, '--candles', candles, '--out', 'x.csv']],
  ['--out takes the features of one series', ['--all', '--out', 'x.csv']],
  ['a label is written with --out only', ['--candles', candles, '--label', 'swing']],
])('"%s" is said before candles are read', async (reason, options) => {
  await expect(bullpen('features', ...options)).rejects.toMatchObject({ code: 'USAGE', details: { reason } })
})

test('an ending that is no table is refused before candles are read', async () => {
  const run = bullpen('features', '--candles', 'nosuch.csv', '--out', join(folder, 'features.txt'))
  await expect(run).rejects.toMatchObject({ code: 'USAGE' })
})

async function bullpen(...argv: string[]): Promise<{ answers: unknown[] }> {
  const answers: unknown[] = []
  const program = new Command().exitOverride()
  const context: FeaturesContext = {
    loadSeries: (source, { gaps = 'keep' }) => openCandleSource(source, { gaps, home: folder }),
    answer: (value) => void answers.push(value),
  }
  addFeaturesCommand(program, context as Session)
  await program.parseAsync(argv, { from: 'user' })
  return { answers }
}

function readCsv(path: string): { header: string[]; rows: string[][] } {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  const [header, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  return { header: header!, rows }
}
