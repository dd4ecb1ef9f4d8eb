export { protocolVersion, taskSchemas } from './tasks.ts'
export type { EngineRef, FoldMetrics, RowRange, TaskName, TaskPayload, TaskResult } from './tasks.ts'
export type { Consumer, Task, TaskContext, TaskHandler, TaskOutcome, TaskQueue } from './task-queue.ts'
