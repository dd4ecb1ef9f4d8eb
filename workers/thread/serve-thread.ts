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
export type TaskBody<N extends TaskName> = (
  task: TaskOf<N>,
  data: TaskData[N],
  thread: ThreadState,
) => TaskAnswer<N> | Promise<TaskAnswer<N>>

/** The closed list of what a thread can do. */
export type TaskBodies = { readonly [N in TaskName]: TaskBody<N> }

/** The function a pool thread exports as `run`. It never throws: whatever a body throws is answered as data. */
export function serveThread(bodies: TaskBodies, state: ThreadState): (request: ThreadRequest) => Promise<ThreadReply> {
  return async (request) => {
    try {
      return movingObject(await answer(request, bodies, state))
    } catch (error) {
      return { ok: false, error: toErrorData(error) }
    }
  }
}

async function answer(request: ThreadRequest, bodies: TaskBodies, state: ThreadState): Promise<ThreadReply> {
  switch (request.kind) {
    case 'hello': {
      const { engine, version } = await state.booster()
      return { ok: true, value: `${engine} ${version}` }
    }
    case 'matrix':
      return { ok: true, value: makeMatrix(request) }
    case 'task': {
      // The compiler cannot see that body, task and data go by the same name.
      const body = bodies[request.task.name] as TaskBody<TaskName>
      const made = await body(request.task, request.data, state)
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
