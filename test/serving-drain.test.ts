import { EventEmitter, once } from 'node:events'
import { expect, test } from '@jest/globals'
import { openTestService } from '../serving/testing/index.ts'
import { drain } from '../serving/main/drain.ts'

test('a service that drains says it is not ready, finishes what it has begun and takes nothing new', async () => {
  const signs = new EventEmitter()
  const mayAnswer = once(signs, 'answer')
  const curve = async () => {
    signs.emit('asked')
    await mayAnswer
    return { points: [], feesBps: 10 }
  }
  const service = await openTestService({ parts: { equity: { curve } } })
  try {
    const url = await service.listen()
    const asked = once(signs, 'asked')
    const underWay = fetch(`${url}/v1/equity`)
    await asked
    const drained = drain(service.app, service.state, 300)
    expect((await service.app.inject('/ready')).statusCode).toBe(503)
    expect((await service.app.inject('/health')).statusCode).toBe(200)
    signs.emit('answer')
    expect((await underWay).status).toBe(200)
    await drained
    await expect(fetch(`${url}/health`)).rejects.toThrow()
  } finally {
    await service.close()
  }
})
