import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import type { backtestDocument } from '../coordinator/backtest/index.ts'
import type { replayDocument } from '../coordinator/replay/index.ts'
import type { RunView } from '../coordinator/runs/index.ts'
import { bullpen, documentOf, makeHome, smallRun, startBullpen } from './testing/command.ts'

const sample = ['--candles', 'sample:btcusdt-4h']
const small = [...smallRun, '--trials', '1']
const { home, remove } = makeHome()
afterAll(remove)

const championOf = async () =>
  documentOf<{ version: number }>(await bullpen(['models', 'show', 'champion', '--json'], home)).version

test('a trained model is followed over candles it was not fitted on, and a page is written', async () => {
  expect((await bullpen(['train', ...small], home)).status).toBe(0)
  const result = await bullpen(['backtest', ...sample, '--draws', '200', '--json'], home)
  const document = documentOf<ReturnType<typeof backtestDocument>>(result)
  expect(document).toMatchObject({ sample: 'unseen', model: { version: 1 }, luck: { tried: { total: 1 } } })
  expect(document.period).toMatchObject({ inSample: 0, to: '2020-12-31T20:00:00Z' })
  expect(document.period.judged).toBe(document.period.bars)
  expect(document.strategies.map(({ name }) => name)).toEqual([
    'the model',
    'buy and hold',
    'naive C/P-1',
    'always hold',
  ])
  expect(document.reportPath).toBe(join(home, 'backtests', `model-1-from-${document.period.from.slice(0, 10)}.html`))
  expect(readFileSync(document.reportPath!, 'utf8')).toContain(document.conclusion.text.slice(0, 20))
}, 240_000)

test('over candles it was fitted on it says IN SAMPLE', async () => {
  const page = join(home, 'seen.html')
  const args = ['backtest', ...sample, '--from', '2020-06-01', '--short', '--draws', '100', '--report', page]
  const { status, stdout } = await bullpen(args, home)
  expect(status).toBe(0)
  expect(stdout).toMatch(/^!+\nIN SAMPLE: the model was fitted on \d{3} of these \d{4} bars/)
  expect(existsSync(page)).toBe(true)
}, 120_000)

test('the pipeline is stopped, goes on, trains nothing twice and leaves the champion alone', async () => {
  const before = await championOf()
  const args = ['backtest', '--pipeline', '--weeks', '2', ...small, '--threads', '2']
  const first = startBullpen(args, home)
  await first.saw(/week 2 of 2/)
  first.child.kill('SIGINT')
  const stopped = await first.done
  expect(stopped.status).toBe(130)
  expect(stopped.stderr).toContain('the same command again')

  const again = await bullpen(args, home)
  expect(again.stderr.match(/selection: started/g)).toHaveLength(1)
  const document = documentOf<ReturnType<typeof replayDocument>>(again)
  expect(document.cadences.map(({ trainings }) => trainings.length)).toEqual([2, 1, 2, 1])
  expect(document.strategies).toHaveLength(5)
  expect(document.bars).toBe(84)
  expect(existsSync(document.reportPath!)).toBe(true)
  expect(document.computed).toBeGreaterThan(0)

  const kept = await bullpen(args, home)
  expect(documentOf<ReturnType<typeof replayDocument>>(kept)).toEqual({ ...document, computed: 0 })

  const runs = documentOf<RunView[]>(await bullpen(['runs', 'list', '--json'], home))
  expect(runs.filter(({ id }) => id.startsWith('replay-')).map(({ state }) => state)).toEqual(['done', 'done'])
  expect(await championOf()).toBe(before)
  expect(documentOf<unknown[]>(await bullpen(['models', 'list', '--json'], home))).toHaveLength(1)

  const after = await bullpen(['backtest', ...sample, '--draws', '100', '--json'], home)
  const { luck } = documentOf<ReturnType<typeof backtestDocument>>(after)
  expect(luck.tried).toEqual({ search: 1, outer: 0, otherRuns: 2, total: 3, overfitting: null })
}, 240_000)
