import { maxJobTasks } from './job-data.ts'

/** A task to be told: what a job is made of. */
export interface Telling {
  readonly id: string
  readonly kind: string
  readonly priority: number
  /** Attempts made so far. */
  readonly attempts: number
  /** It lost a worker: goes alone, because of several the ledger lends only one. */
  readonly isSuspect?: boolean
}

export interface Batching {
  /** Work in one job, ms. */
  readonly jobMs: number
  /** Threads that serve the route. */
  readonly threads: number
  /** Mean duration of a kind of task, ms; undefined when unknown. */
  readonly meanMs: (kind: string) => number | undefined
}

/**
 * Groups tasks of one kind, priority and attempt into jobs of about `jobMs` of work, keeping their order within a
 * priority. A kind of unknown duration is told one by one. No job takes more than a quarter of what a thread would get
 * if all were shared out evenly, so that no thread is left without work while another still has a full job.
 *
 * A job costs about 1.5 ms of processor time in Node and Redis together, from telling to its end, and every task in it
 * 0.5 ms more (`bench:queue`, jobs of one against jobs of many): 0.6 % of the default 250 ms, where 2 % are allowed.
 */
export function batchTasks(tasks: readonly Telling[], { jobMs, threads, meanMs }: Batching): Telling[][] {
  const share = Math.ceil(tasks.length / (4 * Math.max(1, threads)))
  const batches: Telling[][] = []
  let open: Telling[] = []
  for (const task of tasks) {
    const [first] = open
    const mean = meanMs(task.kind)
    const size =
      mean === undefined || task.isSuspect ? 1 : Math.min(share, maxJobTasks, Math.max(1, Math.floor(jobMs / mean)))
    const fits =
      !first?.isSuspect &&
      first?.kind === task.kind &&
      first.priority === task.priority &&
      first.attempts === task.attempts
    if (!fits || open.length >= size) batches.push((open = []))
    open.push(task)
  }
  return batches
}
