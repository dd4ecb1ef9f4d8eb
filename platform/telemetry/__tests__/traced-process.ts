import { startTracing, withTaskSpan } from '../index.ts'

/** An agent in a process of its own: one attempt of one task of `runId`, told of without trace context. */
const [endpoint, runId] = process.argv.slice(2)
const tracing = await startTracing({
  endpoint,
  service: 'bullpen-worker',
  host: 'other-host',
  onNote: console.error,
})
const task = { runId: runId!, key: 'search/trial-7/fold-2', name: 'fold', attempt: 2, worker: 'other-host-1' }
await withTaskSpan(task, {}, () => Promise.resolve())
await tracing.stop()
