#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { BullpenError } from '#core/errors'
import { readConfig } from '#platform/config'
import { listenForInterrupts, packageVersion, reportFailure } from '#platform/processes'
import type { CommandContext } from './command-context.ts'
import { addServingCommands } from './serving-commands.ts'

// The service without the rest of bullpen: what a serving image runs. `serve.js` alone serves.
const output = { stdout: process.stdout, stderr: process.stderr }
const globals = { json: process.argv.includes('--json'), verbose: process.argv.includes('--verbose') }
const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
const interrupts = listenForInterrupts({ tell: note, exit: (status) => process.exit(status) })

async function main(): Promise<number> {
  const context: CommandContext = {
    config: readConfig(),
    json: globals.json,
    signal: interrupts.signal,
    note,
    answer: (value, lines) => {
      process.stdout.write(`${globals.json ? JSON.stringify(value) : lines(value).join('\n')}\n`)
    },
  }
  const program = new Command('serve')
    .description('Answers with verdicts: buy, hold or sell.')
    .version(packageVersion())
    .option('--json', 'one JSON document on stdout; everything else on stderr', false)
    .option('--verbose', 'the stack of an error', false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  addServingCommands(program, context, { serveByDefault: true })
  await program.parseAsync(process.argv)
  return 0
}

process.exitCode = await main().catch((thrown: unknown) => {
  if (!(thrown instanceof CommanderError)) return reportFailure(thrown, output, globals)
  if (thrown.exitCode === 0) return 0
  const reason = thrown.message.replace(/^error: /, '').replace(/\.$/, '')
  return reportFailure(new BullpenError('USAGE', { reason }), output, globals)
})
interrupts.stopListening()
