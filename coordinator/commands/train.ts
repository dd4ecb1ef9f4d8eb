import type { Command } from 'commander'
import { outcomeLines } from '../training/training-outcome.ts'
import { conductTraining } from './conduct-training.ts'
import type { Session } from './session.ts'
import { addTrainingOptions, type TrainingOptions } from './training-options.ts'

const trainExamples = `
Examples:
  $ bullpen train --candles btc_4h.csv --trials 50
  $ bullpen train --candles sample:btcusdt-4h --space quick --seed 7 --json
  $ bullpen train --resume 20200101-120000-1f3a9c
  $ bullpen train --candles btc_4h.csv --queue redis://10.0.0.5   (agents: bullpen worker --queue ...)`

const weeklyExamples = `
Examples:
  $ bullpen weekly --candles exchange:binance:BTC/USDT:4h --since 2019-01-01
  $ bullpen weekly --candles sample:btcusdt-4h --space quick --trials 12`

/** `bullpen train` and `bullpen weekly`. */
export function addTrainCommands(program: Command, session: Session): void {
  addTrainingOptions(program.command('train').description('candles to a registered model'))
    .addHelpText('after', trainExamples)
    .action(async (options: TrainingOptions) => {
      session.answer(await conductTraining(options, session), outcomeLines)
    })
  addTrainingOptions(program.command('weekly').description('the weekly run: train, register, promote, answer'))
    .addHelpText('after', weeklyExamples)
    .action(async (options: TrainingOptions) => {
      session.note(`weekly run of ${new Date(session.now()).toISOString().slice(0, 10)}`)
      session.answer(await conductTraining(options, session), outcomeLines)
    })
}
