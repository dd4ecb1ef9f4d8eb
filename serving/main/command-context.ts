import type { Config } from '#platform/config'

/** What the commands of the service need of whoever runs them: the command line of bullpen, or `serve.js` on its own. */
export interface CommandContext {
  readonly config: Config
  /** True: one JSON document on stdout. */
  readonly json: boolean
  /** Aborts on the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  /** One line on stderr. */
  note(text: string): void
  /** The command's answer: `value` with --json, otherwise its lines. */
  answer<T>(value: T, lines: (value: T) => readonly string[]): void
}
