import { expect, test } from '@jest/globals'
import { Queue, Worker } from 'bullmq'
import { RedisServer } from '#platform/queue/testing'
import { queueTelemetry, startTracing, withRunSpan, withTaskSpan } from '#platform/telemetry'
import { openOtlpReceiver } from '#platform/telemetry/testing'

const runId = '20200101-120000-1f3a9c'

test('a task told over Redis is a span of its run, under the spans of the queue', async () => {
  const [receiver, redis] = await Promise.all([openOtlpReceiver(), RedisServer.start()])
  const tracing = await startTracing({
    endpoint: receiver.endpoint,
    service: 'test',
    host: 'here',
    onNote: () => undefined,
  })
  const options = { connection: { url: redis.url, maxRetriesPerRequest: null }, telemetry: queueTelemetry()! }
  const queue = new Queue('train-x', options)
  const task = { runId, key: 'search/trial-3/fold-0', name: 'fold', attempt: 1, worker: 'there' }
  let worker: Worker | undefined
  const ran = new Promise<void>((resolve) => {
    worker = new Worker('train-x', () => withTaskSpan(task, {}, () => Promise.resolve()), options)
    worker.on('completed', () => {
      resolve()
    })
  })
  await withRunSpan({ runId, resumed: false }, {}, () => queue.add('fold', {}))
  await ran
  await worker?.close()
  await queue.close()
  await tracing.stop()
  await Promise.all([receiver.close(), redis.stop()])

  const { spans } = receiver
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const ancestors: string[] = []
  for (let span = spans.find(({ name }) => name === 'task fold'); span; span = byId.get(span.parentSpanId ?? '')) {
    ancestors.push(span.name)
  }
  expect(ancestors).toHaveLength(4)
  expect([ancestors[0], ancestors[3]]).toEqual(['task fold', 'run'])
})
