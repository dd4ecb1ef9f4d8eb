import type { Task } from './task-queue.ts'

/** Under which name durations of a task are averaged. */
export function kindOf({ name }: Pick<Task, 'name'>): string {
  return name
}
