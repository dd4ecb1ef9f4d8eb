export { describeTaskQueue } from './describe-task-queue.ts'
export type { TaskQueueFixture } from './describe-task-queue.ts'
export { exampleResult, exampleTask, gate, outcomesOf } from './example-tasks.ts'
