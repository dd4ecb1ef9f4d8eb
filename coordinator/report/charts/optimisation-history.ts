import { parameterText, trialHistory } from '#charts'
import type { ReportData } from '../report-data.ts'
import { paint } from '../tokens.ts'
import { count } from '../../counted.ts'
import { four } from '../wording.ts'
import { table, type Figure } from './figure.ts'
import type { ChartOption } from './svg.ts'

/** Every trial's score in the order they ran, the best so far, and what the naive number scores on the same folds. */
export function optimisationHistoryFigure(data: ReportData): Figure {
  const complete = data.trials.filter((trial) => trial.state === 'complete').length
  const pruned = data.trials.filter((trial) => trial.state === 'pruned').length
  const failed = data.trials.length - complete - pruned
  const tally = `${count(complete)} complete, ${count(pruned)} pruned, ${count(failed)} failed`
  const best = data.trials.find((trial) => trial.number === data.bestTrial)
  return {
    id: 'history',
    title: 'Optimisation history',
    summary:
      `Cross-validated AUC of ${count(data.trials.length)} trials: ${tally}. ` +
      `The best is trial ${data.bestTrial}${typeof best?.score !== 'number' ? '' : ` with ${four(best.score)}`}; ` +
      `the naive number scores ${four(data.manifest.crossValidation.naiveRocAucOvrWeighted)} on the same folds.`,
    caption: `Cross-validated AUC by trial: ${tally}. Trials without a score stand on the floor of the chart.`,
    legend: [
      { shape: 'line', color: 'accent', text: 'best so far' },
      { shape: 'dashed', color: 'muted', text: 'naive number' },
      { shape: 'dot', color: 'buy', text: 'complete' },
      { shape: 'diamond', color: 'muted', text: 'pruned' },
      { shape: 'cross', color: 'sell', text: 'failed' },
    ],
    wide: { width: 1100, height: 320 },
    narrow: { width: 360, height: 320 },
    draw: () => draw(data),
    numbers: trialsTable(data),
  }
}

function draw({ trials, bestTrial, manifest }: ReportData): ChartOption {
  const naive = manifest.crossValidation.naiveRocAucOvrWeighted
  return {
    grid: { left: 54, right: 16, top: 18, bottom: 40 },
    ...trialHistory({ trials, best: bestTrial, naive }, paint),
  }
}

function trialsTable({ trials }: ReportData) {
  const ranked = [...trials].sort((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity) || a.number - b.number)
  const shown = ranked.slice(0, 10)
  const names = Object.keys(shown[0]?.parameters ?? {})
  return table(
    ['trial', 'AUC', 'state', ...names],
    shown.map((trial) => [
      String(trial.number),
      trial.score === null ? '–' : four(trial.score),
      trial.state,
      ...names.map((name) => parameterText(trial.parameters[name])),
    ]),
    `The ${shown.length} best of ${trials.length} trials`,
  )
}
