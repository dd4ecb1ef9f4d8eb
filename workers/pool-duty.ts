import { BullpenError } from '#core/errors'
import type { EngineRef, Task, TaskContext } from '#core/protocol'
import type { ResolvedEngine } from '#platform/xgboost'
import { AbortChannel } from './abort-channel.ts'
import { invalid, type OwnTasks } from './own-tasks.ts'
import type { OwnThreadConfig, ThreadConfig } from './thread-messages.ts'

/** What the threads of one pool are for: training tasks on one engine, or own tasks of one list. */
export interface PoolDuty {
  /** The module the threads run. */
  readonly module: URL
  readonly config: ThreadConfig | OwnThreadConfig
  /** Throws unless a thread's answer to `hello` says that it can do its duty. */
  requireReady(hello: unknown): void
  /** Throws unless the task belongs here. */
  requireOurs(task: Task): void
  /** Runs `work` with the signal that ends its thread: at once, or after the task was told to stop by itself. */
  ending<T>(task: Task, context: TaskContext, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  close(): void
}

/** Training on one engine and version. Throws ENGINE_DIFFERS for others, TASK_UNKNOWN for own tasks. */
export function trainingDuty(engine: ResolvedEngine): PoolDuty {
  const ours = nameOf(engine.engine)
  return {
    module: new URL('./thread/task-thread.js', import.meta.url),
    config: { engine },
    requireReady: (hello) => {
      if (hello !== ours) throw new BullpenError('ENGINE_DIFFERS', { wanted: ours, actual: String(hello) })
    },
    /** Two engines, or two versions of one, round differently: the winner must not depend on who drew the task. */
    requireOurs: (task) => {
      if (task.name === 'own') throw unknownModule(task.id, task.payload.module, {})
      const wanted = 'engine' in task.payload ? nameOf(task.payload.engine) : ours
      if (wanted !== ours) throw new BullpenError('ENGINE_DIFFERS', { wanted, actual: ours })
    },
    ending: (_task, { signal }, work) => work(signal),
    close: () => undefined,
  }
}

/** Own tasks of a closed list. Throws OWN_TASKS_INVALID when a module cannot be loaded, TASK_UNKNOWN for other tasks. */
export function ownTasksDuty({ file, modules }: OwnTasks): PoolDuty {
  const aborts = new AbortChannel()
  return {
    module: new URL('./thread/own-thread.js', import.meta.url),
    config: { modules, abortChannel: aborts.name },
    requireReady: (problems) => {
      if (Array.isArray(problems) && problems.length > 0) throw invalid(file, problems as string[])
    },
    requireOurs: (task) => {
      const name = task.name === 'own' ? task.payload.module : task.name
      if (task.name !== 'own' || !Object.hasOwn(modules, name)) throw unknownModule(task.id, name, modules)
    },
    ending: ({ id }, { attempt, signal }, work) => aborts.run({ task: id, attempt, signal }, work),
    close: () => {
      aborts.close()
    },
  }
}

function unknownModule(task: string, name: string, modules: Readonly<Record<string, string>>): BullpenError {
  const known = Object.keys(modules).join(', ') || 'none'
  return new BullpenError('TASK_UNKNOWN', { kind: 'own task', name, task, known })
}

function nameOf({ name, version }: EngineRef): string {
  return `${name} ${version}`
}
