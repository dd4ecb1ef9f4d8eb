import { Type, type Static } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { sha256 } from '#core/hashing'
import { protocolVersion } from '#core/protocol'

/** Most tasks in one job; an id has at most 301 characters, so this also bounds what a job weighs. */
export const maxJobTasks = 500
/** Most characters of a job's data as JSON, checked by whoever adds a job and whoever takes one. */
export const maxJobJson = 400_000

const JobData = Type.Object(
  {
    protocolVersion: Type.Literal(protocolVersion),
    /** Ids of tasks, in the order they are to be started. */
    ids: Type.Array(Type.String({ minLength: 3, maxLength: 301 }), { minItems: 1, maxItems: maxJobTasks }),
    /** Their kinds, each once, for people. */
    kinds: Type.Array(Type.String({ maxLength: 120 }), { minItems: 1, maxItems: 20 }),
  },
  { additionalProperties: false },
)

/** What a job says: try these tasks. Everything else about them is in the ledger. */
export type JobData = Static<typeof JobData>

const checker = TypeCompiler.Compile(JobData)

/** Whether `value` is the data of a job of this protocol, of bearable size. */
export function isJobData(value: unknown): value is JobData {
  return checker.Check(value) && JSON.stringify(value).length <= maxJobJson
}

/** The id of a job told again: the same tasks after the same attempts are one job however often that happens. */
export function jobIdOf(ids: readonly string[], attempts: number): string {
  return `t${sha256(`${attempts} ${ids.join(' ')}`).slice(0, 24)}`
}

/** BullMQ knows whole priorities from 1 (first) to 2,097,151 (last); 0 would go before all of them. */
const middle = 1_048_576
/** Task priorities are rounded to whole numbers from -500,000 to 500,000; what is beyond counts as the bound. */
const most = 500_000

/**
 * BullMQ's priority of a task's. Two of BullMQ's for each of ours: the even one for a task's first telling, the odd one
 * before it for a retry, which so comes before everything of its priority that has not been started: it keeps its place.
 */
export function jobPriority(priority: number, isRetry: boolean): number {
  const whole = Math.max(-most, Math.min(most, Math.round(priority)))
  return middle - 2 * whole - (isRetry ? 1 : 0)
}
