export { MemoryTaskQueue } from './memory-task-queue.ts'
