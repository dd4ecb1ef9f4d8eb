import { move, transferableSymbol, valueSymbol } from 'piscina'
import { BullpenError, toErrorData } from '#core/errors'
import type { TaskName, TaskOf } from '#core/protocol'
import { decodeTrainingTable, gatherMatrix } from '#core/selection'
import type {
  MadeObject,
  MatrixRequest,
  SharedMatrix,
  TaskAnswer,
  TaskData,
  ThreadReply,
  ThreadRequest,
} from '../thread-messages.ts'
import type { ThreadState } from './thread-state.ts'

/** Runs one attempt of a task on its thread, synchronously or not. Throws BullpenError to fail it. */
export type TaskBody<N extends TaskName, S = ThreadState> = (
  task: TaskOf<N>,
  data: TaskData[N],
  thread: S,
  attempt: number,
) => TaskAnswer<N> | Promise<TaskAnswer<N>>

/** The closed list of what a thread can do: all training tasks, or own tasks only. */
export type TaskBodies<S> = { readonly [N in TaskName]?: TaskBody<N, S> }

/** A thread's state that can get ready and say what it is. */
export interface Ready {
  /** What the thread answers to `hello`. Throws what keeps it from working. */
  hello(): Promise<unknown>
}

/** The function a pool thread exports as `run`. It never throws: whatever a body throws is answered as data. */
export function serveThread<S extends Ready>(
  bodies: TaskBodies<S>,
  state: S,
): (request: ThreadRequest) => Promise<ThreadReply> {
  return async (request) => {
    try {
      return movingObject(await answer(request, bodies, state))
    } catch (error) {
      return { ok: false, error: toErrorData(error) }
    }
  }
}

async function answer<S extends Ready>(request: ThreadRequest, bodies: TaskBodies<S>, state: S): Promise<ThreadReply> {
  switch (request.kind) {
    case 'hello':
      return { ok: true, value: await state.hello() }
    case 'matrix':
      return { ok: true, value: makeMatrix(request) }
    case 'task': {
      // The compiler cannot see that body, task and data go by the same name.
      const { task, data, attempt } = request
      const body = bodies[task.name] as TaskBody<TaskName, S> | undefined
      if (!body) {
        const known = Object.keys(bodies).join(', ')
        throw new BullpenError('TASK_UNKNOWN', { kind: 'kind of task', name: task.name, task: task.id, known })
      }
      const made = await body(task, data, state, attempt)
      return 'object' in made
        ? { ok: true, value: made.result, object: made.object as MadeObject }
        : { ok: true, value: made.result }
    }
  }
}

function makeMatrix({ table: bytes, columns }: MatrixRequest): SharedMatrix {
  const table = decodeTrainingTable(new Uint8Array(bytes))
  const beyond = columns.find((column) => column >= table.columns.length)
  if (beyond !== undefined) {
    const reason = `column ${beyond} is asked for, of ${table.columns.length} columns`
    throw new BullpenError('DATA_SET_INVALID', { reason })
  }
  const { rows, columns: width, data } = gatherMatrix(table, columns, { shared: true })
  return { rows, columns: width, data: data.buffer as unknown as SharedArrayBuffer }
}

/** Marks the object's bytes to be moved, not copied, on their way to the main thread. */
function movingObject(reply: ThreadReply): ThreadReply {
  if (!reply.ok || !reply.object) return reply
  return move({ [transferableSymbol]: [reply.object.bytes.buffer], [valueSymbol]: reply }) as unknown as ThreadReply
}
