export { openTaskQueue } from './open-task-queue.ts'
export type { OpenTaskQueueOptions } from './task-queue-options.ts'
export type { RedisTls } from './redis-address.ts'
