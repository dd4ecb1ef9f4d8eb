import { useMemo } from 'react'
import type { Trial } from '../api/shapes.ts'
import type { Theme } from '../state/use-theme.ts'
import { four } from '../words/numbers.ts'
import { bestTrial, tallyOf } from './trial-figures.ts'
import { Chart } from './chart.tsx'
import { tooltipLook } from './looks.ts'
import { fontFamily, paintOf } from './paint.ts'
import { trialHistory } from '#charts'

interface HistoryChartProps {
  readonly trials: readonly Trial[]
  readonly theme: Theme
}

/** Every trial's score in the order they were proposed, the best so far, and what no skill reaches (dashed). */
export function HistoryChart({ trials, theme }: HistoryChartProps) {
  const option = useMemo(() => optionOf(trials, theme), [trials, theme])
  const best = bestTrial(trials)
  const summary =
    `Scores of ${trials.length} trials: ${tallyOf(trials)}.` +
    (best === undefined ? '' : ` The best is trial ${best.number} with ${four(best.score!)}${besideNaive(best)}.`)
  return <Chart className="history-chart" option={option} summary={summary} />
}

function optionOf(trials: readonly Trial[], theme: Theme) {
  const paint = paintOf(theme)
  const best = bestTrial(trials)
  return {
    textStyle: { fontFamily: fontFamily() },
    grid: { left: 52, right: 16, top: 18, bottom: 40 },
    tooltip: {
      ...tooltipLook(paint),
      trigger: 'item',
      formatter: ({ value }: { readonly value: readonly [number, number] }) => {
        const trial = trials.find(({ number }) => number === value[0])
        const score = typeof trial?.score === 'number' ? four(trial.score) : (trial?.state ?? '')
        return `trial ${value[0]}  ${score}`
      },
    },
    ...trialHistory(
      { trials, best: best?.number, ...(typeof best?.naive === 'number' && { naive: best.naive }) },
      paint,
    ),
  }
}

function besideNaive({ naive }: Trial): string {
  return naive === null ? '' : `; the naive number reaches ${four(naive)}, drawn dashed`
}
