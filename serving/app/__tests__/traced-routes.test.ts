import { expect, test } from '@jest/globals'
import { startTracing } from '#platform/telemetry'
import { openOtlpReceiver } from '#platform/telemetry/testing'
import { openTestService } from '../../testing/index.ts'

test('a request is a span: in the trace of whoever sent it, failed only when the service is to blame', async () => {
  const receiver = await openOtlpReceiver()
  const tracing = await startTracing({ ...receiver, service: 'serving', host: 'here', onNote: () => undefined })
  const curve = () => Promise.reject(new Error('broken'))
  const service = await openTestService({ settings: { tracing: true }, parts: { equity: { curve } } })
  try {
    const trace = '0af7651916cd43dd8448eb211c80319c'
    const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01`, 'x-request-id': 'asked-by-a-bot' }
    expect((await service.app.inject({ url: '/v1/verdict', headers })).statusCode).toBe(200)
    expect((await service.app.inject('/v1/models/99')).statusCode).toBe(404)
    expect((await service.app.inject('/v1/equity')).statusCode).toBe(500)
  } finally {
    await service.close()
    await tracing.stop()
    await receiver.close()
  }
  const named = (name: string) => receiver.spans.find((span) => span.name === name)
  expect(receiver.spans).toHaveLength(3)
  expect(named('GET /v1/verdict')).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: 'b7ad6b7169203331',
    failed: false,
    attributes: { 'http.route': '/v1/verdict', 'bullpen.request': 'asked-by-a-bot' },
  })
  expect(named('GET /v1/models/:version')).toMatchObject({
    failed: false,
    attributes: { 'bullpen.error': expect.any(String) },
  })
  expect(named('GET /v1/equity')).toMatchObject({ failed: true, attributes: { 'bullpen.error': 'INTERNAL' } })
})
