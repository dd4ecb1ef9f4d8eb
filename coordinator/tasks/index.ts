export { TaskClient } from './task-client.ts'
export type { TaskClientOptions } from './task-client.ts'
export { noTasks } from './task-counters.ts'
export type { TaskCounters } from './task-counters.ts'
