import type { Command } from 'commander'
import { addBacktestCommand } from '../commands/backtest.ts'
import { addServingCommands, type CommandContext } from '#serving'
import { addCandleCommands } from '../commands/candles.ts'
import { addClusterCommands } from '../commands/cluster.ts'
import { addFeaturesCommand } from '../commands/features.ts'
import { addModelCommands } from '../commands/models.ts'
import { addPredictCommand } from '../commands/predict.ts'
import { addRunsCommands } from '../commands/runs.ts'
import { addTrainCommands } from '../commands/train.ts'
import { addWorkerCommand } from '../commands/worker.ts'
import { addRentalCommands } from '../commands/rental.ts'
import type { Session } from '../commands/session.ts'
import { emptyProgram, type OpenProgram } from './open-program.ts'
import { LocalSession } from './session.ts'
import type { Output } from '#platform/processes'

const epilogue = `
Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
Everything kept locally lies under BULLPEN_HOME (default .bullpen in the current folder).

Examples:
  $ bullpen weekly --candles sample:btcusdt-4h --space quick --trials 12
  $ bullpen predict --candles btc_4h.csv --json
  $ bullpen models list`

/** The whole command line. */
export const openProgram: OpenProgram = (output, signal, globals) => {
  const session = new LocalSession(output, signal, globals)
  return { program: makeProgram(session, output), session }
}

function makeProgram(session: LocalSession, output: Output): Command {
  const program = emptyProgram(output).addHelpText('after', epilogue)
  addTrainCommands(program, session)
  addPredictCommand(program, session)
  addBacktestCommand(program, session)
  addFeaturesCommand(program, session)
  addCandleCommands(program, session)
  addModelCommands(program, session)
  addRunsCommands(program, session)
  addClusterCommands(program, session)
  addWorkerCommand(program, session)
  addRentalCommands(program, session)
  addServingCommands(program, servingContext(session))
  return program
}

function servingContext(session: Session): CommandContext {
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
