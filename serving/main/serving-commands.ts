import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { addKeyCommands } from './keys-command.ts'
import { addServeCommand } from './serve-command.ts'
import { addVerdictCommand } from './verdict-command.ts'

/** `serve`, `keys` and `verdict`. What they need is loaded when one of them runs. */
export function addServingCommands(
  program: Command,
  context: CommandContext,
  { serveByDefault = false }: { readonly serveByDefault?: boolean } = {},
): void {
  addServeCommand(program, context, serveByDefault)
  addKeyCommands(program, context)
  addVerdictCommand(program, context)
}
