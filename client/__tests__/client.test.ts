import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openClient, ServiceError } from '#client'
import { clientTypes } from '../../scripts/client-types.ts'
import { openTestService, type TestService } from '../../serving/testing/index.ts'

let service: TestService
let url: string
beforeAll(async () => {
  service = await openTestService()
  url = await service.listen()
})
afterAll(() => service.close())

test('the committed types are those of the service as it is', async () => {
  expect(readFileSync('client/openapi.ts', 'utf8')).toBe(await clientTypes())
})

test('every question has an answer of its type', async () => {
  const client = openClient({ url, key: await service.key('admin') })
  const verdict = await client.verdict({ symbol: 'BTC/USDT', timeframe: '4h' })
  expect(verdict.probabilities.buy).toBeGreaterThan(0)
  const own = await client.verdictFor({ candles: service.candles.map((candle) => ({ ...candle })) })
  expect(own.probabilities).toEqual(verdict.probabilities)
  expect((await client.verdicts([{ symbol: 'BTC/USDT', timeframe: '4h' }])).items).toHaveLength(1)
  expect((await client.explain()).contributions).toHaveLength(10)
  expect((await client.log()).items.length).toBeGreaterThanOrEqual(0)
  expect((await client.equity()).feesBps).toBeGreaterThan(0)
  expect((await client.candles({ limit: 3 })).items).toHaveLength(3)
  expect((await client.series()).items[0]!.symbol).toBe('BTC/USDT')
  expect((await client.models()).champion).toBe(1)
  expect((await client.model(2)).manifest).toHaveProperty('contract')
  expect((await client.runs()).items).toEqual([])
  expect((await client.cluster()).hosts).toEqual([])
  expect((await client.ready()).models).toEqual([1])
  const [last] = (await client.candles({ limit: 1 })).items
  const again = await client.sendCandles({ symbol: 'BTC/USDT', timeframe: '4h', candles: [{ ...last! }] })
  expect(again).toMatchObject({ appended: 0, repeated: 1, revised: 0 })
})

test('a refusal is an error with the code and the advice of the service', async () => {
  const refusal = openClient({ url }).rollback({ reason: 'no key' })
  await expect(refusal).rejects.toThrow(ServiceError)
  await expect(refusal).rejects.toMatchObject({ code: 'KEY_NEEDED', status: 401, retryable: false })
  await expect(openClient({ url }).verdict({ symbol: 'X' })).rejects.toMatchObject({ code: 'SERIES_NOT_SERVED' })
})

test('a service that is not there is an error that may pass', async () => {
  const gone = openClient({ url: 'http://127.0.0.1:1' })
  await expect(gone.verdict()).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE', retryable: true })
  await expect(gone.events().next()).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE' })
})
