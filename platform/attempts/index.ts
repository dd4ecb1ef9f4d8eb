export { startAttempt } from './start-attempt.ts'
export type { Attempt, AttemptEnd } from './start-attempt.ts'
