import { Command } from 'commander'
import type { Output } from '#platform/processes'
import { packageVersion } from '../version.ts'
import type { GlobalOptions } from './session.ts'

/** What runs one command line needs of the session behind its commands. */
interface ProgramSession {
  /** Exit status of a command that answered. */
  readonly status: 0 | 1
  note(text: string): void
  /** What stopping at once would do when something would be lost by it; null when nothing would. */
  wouldLose(): string | null
  closeDisplay(): void
  close(): Promise<void>
}

/** Opens the commands and what they work with. */
export type OpenProgram = (
  output: Output,
  signal: AbortSignal,
  globals: GlobalOptions,
) => { readonly program: Command; readonly session: ProgramSession }

/** The command line without commands. Commander's own exits become errors, so that one place decides the exit status. */
export function emptyProgram(output: Output): Command {
  return new Command('bullpen')
    .description('Retrains trading-verdict models and answers: buy, hold or sell.')
    .version(packageVersion())
    .option('--json', 'one JSON document on stdout; everything else on stderr', false)
    .option('--verbose', 'more lines on stderr, and the stack of an error', false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.stdout.write(text),
      // Usage errors are reported once, by the caller, in the same form as every other error.
      writeErr: () => undefined,
    })
}
