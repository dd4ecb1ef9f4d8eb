export { isTaskName, protocolVersion, taskSchemas } from './tasks.ts'
export type { EngineRef, FoldMetrics, RowRange, TaskName, TaskPayload, TaskResult } from './tasks.ts'
export { checkResult, checkTask, makeTask, maxTaskJson } from './make-task.ts'
export type { TaskRequest } from './make-task.ts'
export { failed, mayRetry, succeeded } from './outcomes.ts'
export type { AttemptRecord } from './outcomes.ts'
export type {
  ConsumeOptions,
  Consumer,
  Task,
  TaskContext,
  TaskHandler,
  TaskOf,
  TaskOutcome,
  TaskQueue,
} from './task-queue.ts'
