import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { BullpenError } from '#core/errors'
import { queueTelemetry, startTracing, withRunSpan, withSpan, withTaskSpan, type Tracing } from '../index.ts'
import { openOtlpReceiver, type OtlpReceiver } from '../testing/index.ts'

const run = promisify(execFile)
const runId = '20200101-120000-1f3a9c'
const task = { runId, key: 'search/trial-0/fold-1', name: 'fold', attempt: 1, worker: 'here-1' }

let receiver: OtlpReceiver
let tracing: Tracing | undefined
const notes: string[] = []

beforeEach(async () => {
  receiver = await openOtlpReceiver()
  notes.length = 0
})
afterEach(async () => {
  await tracing?.stop()
  tracing = undefined
  await receiver.close()
})

async function start(endpoint: string | undefined): Promise<Tracing> {
  tracing = await startTracing({ endpoint, service: 'test', host: 'here', onNote: (text) => notes.push(text) })
  return tracing
}

const nothing = () => Promise.resolve()

test('coordinator and agent in two processes make one trace: run, stage, trial, task', async () => {
  const { stop } = await start(receiver.endpoint)
  await withRunSpan({ runId, resumed: false }, {}, () =>
    withSpan('stage search', { 'bullpen.stage': 'search' }, () =>
      withSpan('trial', { 'bullpen.trial': 0 }, () => withTaskSpan(task, {}, nothing)),
    ),
  )
  await stop()
  const script = fileURLToPath(new URL('traced-process.js', import.meta.url))
  await run(process.execPath, [script, receiver.endpoint, runId])

  const { spans } = receiver
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  expect(new Set(spans.map(({ pid }) => pid)).size).toBe(2)
  const named = (name: string, service = 'test') => spans.find((s) => s.name === name && s.service === service)!
  const root = named('run')
  expect(root.parentSpanId).toBeFalsy()
  expect(named('stage search').parentSpanId).toBe(root.spanId)
  expect(named('trial').parentSpanId).toBe(named('stage search').spanId)
  expect(named('task fold').parentSpanId).toBe(named('trial').spanId)
  const elsewhere = named('task fold', 'bullpen-worker')
  expect(elsewhere.parentSpanId).toBe(root.spanId)
  expect(elsewhere.attributes).toMatchObject({
    'bullpen.run': runId,
    'bullpen.trial': 7,
    'bullpen.task': 'search/trial-7/fold-2',
    'bullpen.attempt': 2,
    'bullpen.worker': 'other-host-1',
    'host.name': 'other-host',
  })
})

test('a resumed run goes on in the same trace, under the first root', async () => {
  const { stop } = await start(receiver.endpoint)
  await withRunSpan({ runId, resumed: false }, {}, nothing)
  await withRunSpan({ runId, resumed: true }, {}, nothing)
  await withRunSpan({ runId: 'another', resumed: false }, {}, nothing)
  await stop()
  const [first, resumed, another] = receiver.spans
  expect(resumed).toMatchObject({ traceId: first!.traceId, parentSpanId: first!.spanId })
  expect(another!.traceId).not.toBe(first!.traceId)
})

test('work that throws makes a failed span with its code, and throws the same', async () => {
  const { stop } = await start(receiver.endpoint)
  const error = new BullpenError('RUN_FINISHED', { run: runId })
  const failing = withRunSpan({ runId, resumed: false }, {}, () => Promise.reject(error))
  await expect(failing).rejects.toBe(error)
  await stop()
  expect(receiver.spans[0]).toMatchObject({ failed: true, attributes: { 'bullpen.error': 'RUN_FINISHED' } })
})

test('what happens outside of a run is not sent', async () => {
  const { stop } = await start(receiver.endpoint)
  await withSpan('housekeeping', {}, nothing)
  queueTelemetry()!.tracer.startSpan('moveStalledJobsToWait').end()
  await stop()
  expect(receiver.requests).toBe(0)
})

test.each([400, 0])('a receiver that answers %d costs one note without credentials, and no run', async (status) => {
  const refusing = await openOtlpReceiver(status || 200)
  // Closed at once: nobody answers there.
  if (status === 0) await refusing.close()
  const { stop } = await start(refusing.endpoint.replace('//', '//me:secret@'))
  const work = async () => {
    for (let i = 0; i < 600; i++) await withSpan('trial', {}, nothing)
    return 'done'
  }
  await expect(withRunSpan({ runId, resumed: false }, {}, work)).resolves.toBe('done')
  await stop()
  if (status !== 0) await refusing.close()
  expect(notes).toHaveLength(1)
  expect(notes[0]).toMatch(/^traces: 127\.0\.0\.1:\d+ takes none \(.+\); going on without$/)
  expect(notes[0]).not.toContain('secret')
})

test('without an endpoint nothing is recorded, and OpenTelemetry is not loaded', async () => {
  await start(undefined)
  expect(queueTelemetry()).toBeUndefined()
  await expect(withRunSpan({ runId, resumed: false }, {}, () => Promise.resolve(1))).resolves.toBe(1)
  expect(await modulesLoaded(undefined)).not.toContain('opentelemetry')
  expect(await modulesLoaded(receiver.endpoint)).toContain('opentelemetry')
})

/** Paths of the CommonJS modules, which OpenTelemetry's are, that a process with this endpoint has loaded. */
async function modulesLoaded(endpoint: string | undefined): Promise<string> {
  const options = JSON.stringify({ endpoint, service: 'test', host: 'here' })
  const script = `const { startTracing } = await import('${new URL('../index.js', import.meta.url).href}')
    await (await startTracing(${options})).stop()
    console.log(Object.keys((await import('node:module')).default._cache).join())`
  return (await run(process.execPath, ['--input-type=module', '-e', script])).stdout
}
