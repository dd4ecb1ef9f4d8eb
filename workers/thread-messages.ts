import type { ErrorData } from '#core/errors'
import type { TaskName, TaskOf, TaskResult } from '#core/protocol'
import type { ResolvedEngine } from '#platform/xgboost'

/** `workerData` of a pool thread that runs training tasks. */
export interface ThreadConfig {
  readonly engine: ResolvedEngine
}

/** `workerData` of a pool thread that runs own tasks. */
export interface OwnThreadConfig {
  /** File URLs of modules by name: the closed list. */
  readonly modules: Readonly<Record<string, string>>
  /** Where threads hear that an attempt is to stop. */
  readonly abortChannel: string
}

/** A matrix of `rows` x `columns` float32, row-major, in memory that every thread sees. */
export interface SharedMatrix {
  readonly rows: number
  readonly columns: number
  readonly data: SharedArrayBuffer
}

/** The bytes of a training table (a column file) and the matrix of the task's columns, row i being row i of the table. */
export interface TableData {
  readonly table: SharedArrayBuffer
  readonly matrix: SharedMatrix
}

/** What a task's hashes stand for, in shared memory: handed over, never copied. */
export interface TaskData {
  readonly features: { readonly candles: SharedArrayBuffer; readonly shards: readonly SharedArrayBuffer[] | null }
  readonly 'feature-shard': { readonly candles: SharedArrayBuffer; readonly after: SharedArrayBuffer | null }
  readonly fit: TableData
  readonly fold: TableData
  readonly importance: TableData & { readonly model: SharedArrayBuffer }
  readonly 'noise-curve': TableData & { readonly model: SharedArrayBuffer }
  readonly own: { readonly shared: readonly SharedArrayBuffer[] }
}

/** Opens the thread's booster and says which it is; a thread of own tasks loads its modules and names them. */
export interface HelloRequest {
  readonly kind: 'hello'
}

/** Makes a {@link SharedMatrix} of columns (positions in the table) of a training table. */
export interface MatrixRequest {
  readonly kind: 'matrix'
  readonly table: SharedArrayBuffer
  readonly columns: readonly number[]
}

/** Runs one attempt of a task. */
export interface TaskRequestOf<N extends TaskName> {
  readonly kind: 'task'
  readonly task: TaskOf<N>
  readonly data: TaskData[N]
  /** 1 for the first. */
  readonly attempt: number
}

/** Main thread to pool thread. */
export type ThreadRequest = HelloRequest | MatrixRequest | { [N in TaskName]: TaskRequestOf<N> }[TaskName]

/** Bytes a task made. The main thread puts them into the object store and sets `result[as]` to their SHA-256. */
export interface MadeObject {
  readonly as: string
  /** Moved to the main thread, not copied. */
  readonly bytes: Uint8Array
}

/** What a task body answers: its result, or the rest of it and the object whose hash completes it. */
export type TaskAnswer<N extends TaskName> =
  | { readonly result: TaskResult<N> }
  | {
      [K in keyof TaskResult<N>]: {
        readonly result: Omit<TaskResult<N>, K>
        readonly object: MadeObject & { readonly as: K }
      }
    }[keyof TaskResult<N>]

/** Pool thread to main thread: errors come as data, because a thrown subclass would lose its code on the way. */
export type ThreadReply =
  | { readonly ok: true; readonly value: unknown; readonly object?: MadeObject }
  | { readonly ok: false; readonly error: ErrorData }

/** The task a request is about, for messages. */
export function subjectOf(request: ThreadRequest): string {
  return request.kind === 'task' ? request.task.id : request.kind
}
