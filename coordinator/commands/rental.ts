import type { Command } from 'commander'
import { BullpenError } from '#core/errors'
import type { PlannedRental, Rental, TargetName } from '#core/protocol'
import { wholeNumber } from '#platform/options'
import type { ClusterSite, Kept, RentalBooks } from '../rentals/index.ts'
import { addTermOption, targetOption, type ClusterPlace } from './cluster-options.ts'

/** What the commands about one rental need: little, for a process of its own runs for every rented thing. */
export interface RentalContext {
  readonly signal: AbortSignal
  books(): RentalBooks
  clusterSite(where: Pick<ClusterPlace, 'target'>): Promise<ClusterSite>
  /** Inputs of a cluster stack in a file named for it. Throws USAGE. */
  stackInputs(file: string): Promise<StackInputs>
  note(text: string): void
  answer<T>(value: T, lines: (value: T) => readonly string[]): void
  fail(): void
}

/** Inputs of a cluster stack, which can be booked. */
export interface StackInputs {
  readonly target: TargetName
  readonly cluster: string
  readonly maxLifetimeSeconds: number
  readonly planned: readonly PlannedRental[]
  /** Writes into the file what they were booked as. */
  readonly writeBooked: (rentals: readonly Rental[], endsAt: number) => Promise<void>
}

interface BookOptions {
  readonly inputs: string
  readonly term: number
}

interface KeepOptions {
  readonly id: string
  readonly folder: string
  readonly noticeTime: number
  readonly poll: number
}

interface GuardOptions {
  readonly target: TargetName
  readonly cluster: string
  readonly id: string
  readonly folder: string
  readonly poll: number
}

const bookExamples = `
For who runs terraform himself (infra-model/README.md): what the inputs of a cluster stack name is written down in the
ledger before it exists, and its rentals and their end are written into the file. Keepers refuse what was not booked.
Again: what is open stays and its end moves on, at most to --max-lifetime after now. No guard is started: when the term is
over each process or host ends itself, and terraform destroy removes what is left.

Examples:
  $ bullpen rental book --inputs mine/local.json --term 14400
  $ bullpen rental book --inputs mine/aws-cluster.json --json`

const guardExamples = `
It is started by bullpen cluster up, before anything else of the cluster, with BULLPEN_RENTAL=<id> in its environment.

Example:
  $ BULLPEN_RENTAL=blue/guard#1 bullpen rental guard --target local --cluster blue --id blue/guard#1 --folder /tmp/guard`

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
  addTermOption(
    rental
      .command('book')
      .description('write down what a stack will rent, for who runs terraform himself')
      .requiredOption('--inputs <file>', 'inputs of the stack, in a file named for it: mine/local.json'),
  )
    .addHelpText('after', bookExamples)
    .action(async ({ inputs, term }: BookOptions) => {
      const { bookCluster } = await import('../rentals/index.ts')
      const { target, cluster, planned, maxLifetimeSeconds, writeBooked } = await context.stackInputs(inputs)
      // To the second, as clouds are told it.
      const endsAt = Math.floor(Date.now() / 1000 + Math.min(term, maxLifetimeSeconds)) * 1000
      await refuseManaged(cluster, context.books())
      const rentals = await bookCluster({ cluster, target, planned, endsAt }, context.books())
      await writeBooked(rentals, endsAt)
      context.answer({ cluster, target, endsAt, rentals }, bookedLines)
    })
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
      requireEnvironment(id)
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
  rental
    .command('guard')
    .description('wait until the term of a cluster is over and take it down then, whoever else has died')
    .addOption(targetOption('where the cluster is').makeOptionMandatory())
    .requiredOption('--cluster <name>', 'the cluster')
    .requiredOption('--id <id>', 'the rental of the guard itself')
    .requiredOption('--folder <dir>', 'folder of its own, removed at the end')
    .option('--poll <seconds>', 'how often the ledger is read', wholeNumber(1, 60), 2)
    .addHelpText('after', guardExamples)
    .action(async ({ target, cluster, id, folder, poll }: GuardOptions) => {
      requireEnvironment(id)
      const { guardCluster } = await import('../rentals/index.ts')
      const options = { cluster, id, folder, pollMs: poll * 1000, signal: context.signal }
      const because = await guardCluster(options, await context.clusterSite({ target }))
      context.answer({ id, because, orderly: true }, keptLines)
    })
}

/** The term of a cluster of `cluster up` is moved by who works with it, and its guard takes it down. */
async function refuseManaged(cluster: string, books: RentalBooks): Promise<void> {
  const record = await books.use(({ clusters }) => clusters.cluster(cluster))
  if (record === undefined || record.phase === 'down') return
  const reason = `cluster ${cluster} is one of bullpen cluster up: give the inputs another name, or take it down first`
  throw new BullpenError('USAGE', { reason })
}

interface Booked {
  readonly cluster: string
  readonly target: TargetName
  readonly endsAt: number
  readonly rentals: readonly Rental[]
}

function bookedLines({ cluster, target, endsAt, rentals }: Booked): string[] {
  const until = new Date(endsAt).toISOString()
  return [`cluster ${cluster} is booked at ${target} until ${until}`, ...rentals.map(({ id }) => `  ${id}`)]
}

/** A process cannot change what others read as its environment. */
function requireEnvironment(id: string): void {
  if (process.env['BULLPEN_RENTAL'] === id) return
  const reason = `start it with BULLPEN_RENTAL=${id} in its environment: by that it is found`
  throw new BullpenError('USAGE', { reason })
}

function keptLines({ id, because }: Kept): string[] {
  return [`rental ${id} ended: ${because}`]
}
