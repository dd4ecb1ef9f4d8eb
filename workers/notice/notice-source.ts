/** Word that this host is about to go away. */
export interface Notice {
  /** For people. */
  readonly reason: string
  /** When the host goes, ms since the epoch; null when that was not said. */
  readonly at: number | null
}

/** Where such a notice may come from. */
export interface NoticeSource {
  /** For messages, e.g. `file /run/leave`. */
  readonly describe: string
  /** The notice, null while there is none. Throws when the source cannot be asked; the next check may go well. */
  check(signal: AbortSignal): Promise<Notice | null>
}
