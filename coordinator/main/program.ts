import type { Command } from 'commander'
import type { CommandContext } from '#serving'
import { emptyProgram, type OpenProgram } from './open-program.ts'
import { LocalSession } from './session.ts'

const epilogue = `
Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
Everything kept locally lies under BULLPEN_HOME (default .bullpen in the current folder).

Examples:
  $ bullpen weekly --candles sample:btcusdt-4h --space quick --trials 12
  $ bullpen predict --candles btc_4h.csv --json
  $ bullpen models list`

type AddCommands = (program: Command, session: LocalSession) => void

/** Commands of one module, by the first word of their command lines. */
interface CommandGroup {
  readonly words: readonly string[]
  readonly load: () => Promise<AddCommands>
}

/** In the order of the help. */
const groups: readonly CommandGroup[] = [
  { words: ['train', 'weekly'], load: async () => (await import('../commands/train.ts')).addTrainCommands },
  { words: ['schedule'], load: async () => (await import('../commands/schedule.ts')).addScheduleCommand },
  { words: ['predict'], load: async () => (await import('../commands/predict.ts')).addPredictCommand },
  { words: ['backtest'], load: async () => (await import('../commands/backtest.ts')).addBacktestCommand },
  { words: ['features'], load: async () => (await import('../commands/features.ts')).addFeaturesCommand },
  { words: ['candles'], load: async () => (await import('../commands/candles.ts')).addCandleCommands },
  { words: ['models'], load: async () => (await import('../commands/models.ts')).addModelCommands },
  { words: ['runs'], load: async () => (await import('../commands/runs.ts')).addRunsCommands },
  { words: ['cluster'], load: async () => (await import('../commands/cluster.ts')).addClusterCommands },
  { words: ['leaks'], load: async () => (await import('../commands/leaks.ts')).addLeaksCommand },
  { words: ['worker'], load: async () => (await import('../commands/worker.ts')).addWorkerCommand },
  { words: ['webhooks'], load: async () => (await import('../commands/webhooks.ts')).addWebhookCommands },
  { words: ['rental'], load: async () => (await import('../commands/rental.ts')).addRentalCommands },
  { words: ['serve', 'keys', 'verdict'], load: loadServing },
]

async function loadServing(): Promise<AddCommands> {
  const { addServingCommands } = await import('#serving')
  return (program, session) => {
    addServingCommands(program, servingContext(session))
  }
}

/**
 * The command line, with the commands its first word names: loading all of them takes longer than most of them run. Any
 * other word (`help`, a slip) and none at all get them all, for the help; `--version` needs none.
 */
export async function loadProgram(argv: readonly string[]): Promise<OpenProgram> {
  const given = argv.slice(2)
  const word = given.find((each) => !each.startsWith('-'))
  const named = groups.filter(({ words }) => word !== undefined && words.includes(word))
  const isVersion = word === undefined && given.some((each) => each === '--version' || each === '-V')
  const wanted = named.length > 0 || isVersion ? named : groups
  const adders: AddCommands[] = []
  for (const { load } of wanted) adders.push(await load())
  return (output, signal, globals) => {
    const session = new LocalSession(output, signal, globals)
    const program = emptyProgram(output).addHelpText('after', epilogue)
    for (const add of adders) add(program, session)
    return { program, session }
  }
}

function servingContext(session: LocalSession): CommandContext {
  return {
    config: session.workshop.config,
    json: session.json,
    signal: session.signal,
    note: (text) => {
      session.note(text)
    },
    answer: (value, lines) => {
      session.answer(value, lines)
    },
  }
}
