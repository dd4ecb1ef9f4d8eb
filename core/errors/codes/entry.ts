/** One row of the error table. */
export interface ErrorEntry {
  /** What happened; `{name}` is filled from the error's details. */
  readonly message: string
  /** What the user can do about it, one sentence. */
  readonly advice: string
  /** True when the same task may succeed if tried again. */
  readonly retryable: boolean
  /** HTTP status when it crosses the service. */
  readonly http: number
  /** Exit status of a command: 1 failed, 2 wrong usage, 130 interrupted. */
  readonly exit: 1 | 2 | 130
}
