import { parallelCoordinates, parameterText, varyingAxes, type ParameterAxis } from '#charts'
import type { ReportData } from '../report-data.ts'
import { paint } from '../tokens.ts'
import { four } from '../wording.ts'
import type { Figure } from './figure.ts'
import type { ChartOption, Size } from './svg.ts'

const scoreName = 'AUC'

/** One line a trial across its parameters and its score: where the good ones run together, the parameter matters. */
export function parallelCoordinatesFigure(data: ReportData): Figure {
  const axes = varyingAxes(data.trials)
  const best = data.trials.find((trial) => trial.number === data.bestTrial)
  const chosen = Object.entries(best?.parameters ?? {}).map(([name, value]) => `${name} ${parameterText(value)}`)
  return {
    id: 'parallel',
    title: 'Parallel coordinates of the trials',
    summary:
      `${data.trials.length} trials across ${axes.map((axis) => axis.name).join(', ')} and ${scoreName}. ` +
      `The best, trial ${data.bestTrial}, has ${chosen.join(', ')}` +
      `${typeof best?.score !== 'number' ? '' : ` and scores ${four(best.score)}`}.`,
    caption:
      'Lines of pruned and failed trials end before the score. Where the good lines run together, the parameter matters.',
    legend: [
      { shape: 'line', color: 'accent', text: `trial ${data.bestTrial}, the model` },
      { shape: 'line', color: 'buy', text: 'best tenth' },
      { shape: 'line', color: 'hold', text: 'the rest' },
      { shape: 'dotted', color: 'hold', text: 'pruned or failed' },
    ],
    wide: { width: 1100, height: 340 },
    narrow: { width: 360, height: 60 + 60 * (axes.length + 1) },
    draw: (size, form) => draw(data, axes, size, form === 'narrow'),
  }
}

function draw(data: ReportData, axes: readonly ParameterAxis[], size: Size, stacked: boolean): ChartOption {
  const { trials, bestTrial: best } = data
  const nameWidth = Math.floor(size.width / (axes.length + 1)) - 4
  return parallelCoordinates({ trials, axes, best, scoreName, stacked, nameWidth }, paint)
}
