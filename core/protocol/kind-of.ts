import type { Task } from './task-queue.ts'

/** What tasks are grouped by in statistics: their name; own tasks by their module, `own:<module>`. */
export function kindOf(task: Pick<Task, 'name' | 'payload'>): string {
  return task.name === 'own' ? `own:${(task as Extract<Task, { name: 'own' }>).payload.module}` : task.name
}
