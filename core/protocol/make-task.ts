import { Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { BullpenError } from '#core/errors'
import type { Task, TaskOf } from './task-queue.ts'
import { isTaskName, protocolVersion, taskSchemas, type TaskName, type TaskResult } from './tasks.ts'

/** Largest payload or result as JSON, in UTF-16 units: tasks name data by hash, they do not carry it. */
export const maxTaskJson = 1_000_000

/** Node fires a timer of more than 2^31-1 ms at once. */
const maxTimeoutMs = 2_147_483_647

const Envelope = Type.Object({
  id: Type.String(),
  runId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,100}$' }),
  key: Type.String({ pattern: '^[A-Za-z0-9._:/@=-]{1,200}$' }),
  name: Type.String(),
  protocolVersion: Type.Integer(),
  payload: Type.Unknown(),
  attempts: Type.Integer({ minimum: 1 }),
  timeoutMs: Type.Integer({ minimum: 1, maximum: maxTimeoutMs }),
  priority: Type.Number(),
})

const envelopeChecker = TypeCompiler.Compile(Envelope)
const checkers: Readonly<Record<string, { payload: Checker; result: Checker }>> = Object.fromEntries(
  Object.entries(taskSchemas).map(([name, { payload, result }]) => [
    name,
    { payload: TypeCompiler.Compile(payload), result: TypeCompiler.Compile(result) },
  ]),
)

interface Checker {
  Check(value: unknown): boolean
  Errors(value: unknown): { First(): { path: string; message: string } | undefined }
}

/** What the maker of a task decides; the rest follows. `priority` is 0 when left out. */
export type TaskRequest<N extends TaskName> = Omit<TaskOf<N>, 'id' | 'protocolVersion' | 'priority'> & {
  readonly priority?: number
}

/** A checked task. Throws TASK_INVALID with the first problem and where it is. */
export function makeTask<N extends TaskName>(request: TaskRequest<N>): TaskOf<N> {
  const task = { priority: 0, ...request, id: `${request.runId}/${request.key}`, protocolVersion }
  checkTask(task)
  return task
}

/**
 * Both sides of a queue call this on whatever they are handed: it is a task of this version with a fitting payload
 * no longer than {@link maxTaskJson}, or it throws TASK_INVALID or PROTOCOL_DIFFERS.
 */
export function checkTask(value: unknown): asserts value is Task {
  const task = label(value)
  // The version comes first: a task of another version may well have another shape.
  const theirs = (value as { protocolVersion?: unknown } | null | undefined)?.protocolVersion
  if (typeof theirs === 'number' && theirs !== protocolVersion) {
    throw new BullpenError('PROTOCOL_DIFFERS', { task, theirs, ours: protocolVersion })
  }
  check(envelopeChecker, value, task, 'envelope')
  const { id, runId, key, name, payload } = value as Task
  if (id !== `${runId}/${key}`) invalid(task, 'envelope', `/id is not ${runId}/${key}`)
  if (!isTaskName(name))
    invalid(task, 'envelope', `/name ${String(name)} is none of ${Object.keys(taskSchemas).join(', ')}`)
  check(checkers[name]!.payload, payload, task, 'payload')
  checkSize(payload, task, 'payload')
}

/** The result of a task as its schema says; throws TASK_INVALID (NaN and infinities do not fit: JSON cannot carry them). */
export function checkResult<N extends TaskName>(name: N, value: unknown, task: string): TaskResult<N> {
  check(checkers[name]!.result, value, task, 'result')
  checkSize(value, task, 'result')
  return value as TaskResult<N>
}

function check(checker: Checker, value: unknown, task: string, part: string): void {
  if (checker.Check(value)) return
  const first = checker.Errors(value).First()
  invalid(task, part, first ? `${first.path || '/'}: ${first.message}` : 'it does not match')
}

function checkSize(value: unknown, task: string, part: string): void {
  const length = JSON.stringify(value).length
  if (length > maxTaskJson) invalid(task, part, `its JSON has ${length} characters, the limit is ${maxTaskJson}`)
}

function invalid(task: string, part: string, reason: string): never {
  throw new BullpenError('TASK_INVALID', { task, part, reason })
}

function label(value: unknown): string {
  const id = (value as { id?: unknown } | null | undefined)?.id
  return typeof id === 'string' ? id.slice(0, 200) : '(without id)'
}
