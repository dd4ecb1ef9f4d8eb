import { SpanKind, type Telemetry } from 'bullmq'
import { kindOf } from '#core/protocol'
import type { HeldTask } from './held-task.ts'

/** Runs `work` in a span of its own, whose parent is the span in which the task was enqueued, wherever that was. */
export async function traced<T>(
  telemetry: Telemetry | undefined,
  { lease: { task, attempt }, trace }: HeldTask,
  worker: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!telemetry) return work()
  const { tracer, contextManager } = telemetry
  const active: unknown = contextManager.active()
  const parent: unknown = trace === undefined ? active : contextManager.fromMetadata(active, trace)
  const span = tracer.startSpan(`task ${kindOf(task)}`, { kind: SpanKind.CONSUMER }, parent)
  span.setAttributes({
    'bullpen.run': task.runId,
    'bullpen.task': task.key,
    'bullpen.attempt': attempt,
    'bullpen.worker': worker,
  })
  try {
    return await contextManager.with(span.setSpanOnContext(parent), work)
  } catch (error) {
    span.recordException(error instanceof Error ? error.message : String(error))
    throw error
  } finally {
    span.end()
  }
}
