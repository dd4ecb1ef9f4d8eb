export { answerRows } from './answer-rows.ts'
export type { RowAnswers } from './answer-rows.ts'
export { backtestModel } from './backtest-model.ts'
export type { BacktestSubject } from './backtest-model.ts'
export { modelStrategy } from './backtest-result.ts'
export type { BacktestChoices, BacktestResult, LuckCheck, Period } from './backtest-result.ts'
export { concludeBacktest, percentText, seenText, spanText } from './conclusion.ts'
export type { Conclusion } from './conclusion.ts'
export {
  backtestDocument,
  backtestLines,
  costsText,
  rulesText,
  strategyCells,
  strategyHead,
  strategyTable,
  triedText,
} from './result-lines.ts'
export { sightOf } from './seen-until.ts'
export type { Sight } from './seen-until.ts'
export { triedTrials } from './tried-trials.ts'
export type { TriedTrials } from './tried-trials.ts'
