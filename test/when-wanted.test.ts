import { afterAll, expect, test } from '@jest/globals'
import { openDatabase, PostgresDriftActions } from '#platform/postgres'
import { bullpen, documentOf, makeHome } from './testing/command.ts'

const { home, remove } = makeHome()
afterAll(remove)

const series = { symbol: 'BTC/USDT', widthMs: 14_400_000 }

/** The wishes of this series with the database of the home, closed again: commands open it themselves. */
async function withActions<T>(work: (actions: PostgresDriftActions) => Promise<T>): Promise<T> {
  const database = await openDatabase({ home, onNote: () => undefined })
  try {
    return await work(new PostgresDriftActions(database))
  } finally {
    await database.close()
  }
}

test('a weekly run when wanted does nothing until drift asks for it, trains then, and once', async () => {
  const quick = ['--candles', 'sample:btcusdt-4h', '--space', 'quick', '--trials', '1', '--json']
  const weekly = () => bullpen(['weekly', '--when-wanted', ...quick], home)
  expect(documentOf(await weekly())).toEqual({ wanted: [] })
  const wish = { kind: 'retrain-wanted', version: 1, ...series, at: 1000, reason: 'return beyond its limit' } as const
  await withActions((actions) => actions.record(wish))
  expect(documentOf(await weekly())).toHaveProperty('model.version', 1)
  expect(await withActions((actions) => actions.retrainWanted())).toEqual([])
  expect(documentOf(await weekly())).toEqual({ wanted: [] })
}, 180_000)
