import type { Command } from 'commander'
import { BullpenError } from '#core/errors'
import type { Kept, RentalBooks } from '../rentals/index.ts'
import { wholeNumber } from './whole-number.ts'

/** What the commands about one rental need: little, for a process of its own runs for every rented thing. */
export interface RentalContext {
  readonly signal: AbortSignal
  books(): RentalBooks
  note(text: string): void
  answer<T>(value: T, lines: (value: T) => readonly string[]): void
  fail(): void
}

interface KeepOptions {
  readonly id: string
  readonly folder: string
  readonly noticeTime: number
  readonly poll: number
}

const keepExamples = `
It is started by what brings a cluster up, with BULLPEN_RENTAL=<id> in its environment, by which it is found. The command
ends when the term of the rental is over, when the ledger says that it has ended, on SIGTERM, and with its keeper.

Examples:
  $ BULLPEN_RENTAL=blue/redis#1 bullpen rental keep --id blue/redis#1 --folder /tmp/blue-redis -- redis-server --port 6380
  $ BULLPEN_RENTAL=blue/worker-1#1 bullpen rental keep --id blue/worker-1#1 --folder /tmp/blue-worker-1 -- \\
      bullpen worker --queue redis://127.0.0.1:6380 --idle-exit 600`

/** `bullpen rental`: the processes behind rented things. */
export function addRentalCommands(program: Command, context: RentalContext): void {
  const rental = program.command('rental').description('one rented thing; started by bullpen cluster up')
  rental
    .command('keep')
    .description('run a command for as long as its rental lasts, and no longer')
    .argument('<command...>', 'the command and its arguments, after --')
    .requiredOption('--id <id>', 'the rental, as it was booked')
    .requiredOption('--folder <dir>', 'folder of its own, removed at the end')
    .option('--notice-time <seconds>', 'how long the command may take to end', wholeNumber(0, 3600), 10)
    .option('--poll <seconds>', 'how often the ledger is read', wholeNumber(1, 60), 2)
    .addHelpText('after', keepExamples)
    .action(async (command: string[], { id, folder, noticeTime, poll }: KeepOptions) => {
      if (process.env['BULLPEN_RENTAL'] !== id) {
        const reason = `start it with BULLPEN_RENTAL=${id} in its environment: by that it is found`
        throw new BullpenError('USAGE', { reason })
      }
      const { keep } = await import('../rentals/index.ts')
      const { signal } = context
      const note = (text: string): void => {
        context.note(text)
      }
      const times = { noticeMs: noticeTime * 1000, pollMs: poll * 1000 }
      const kept = await keep({ id, folder, command, ...times, books: context.books(), signal, note })
      if (!kept.orderly) context.fail()
      context.answer(kept, keptLines)
    })
}

function keptLines({ id, because }: Kept): string[] {
  return [`rental ${id} ended: ${because}`]
}
