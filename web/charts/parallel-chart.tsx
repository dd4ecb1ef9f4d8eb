import { useMemo, useSyncExternalStore } from 'react'
import type { Trial } from '../api/shapes.ts'
import type { Theme } from '../state/use-theme.ts'
import { bestTrial } from './trial-figures.ts'
import { Chart } from './chart.tsx'
import { fontFamily, paintOf } from './paint.ts'
import { parallelCoordinates, varyingAxes, type ParameterAxis } from '#charts'

interface ParallelChartProps {
  readonly trials: readonly Trial[]
  readonly theme: Theme
}

const phone = window.matchMedia('(max-width: 720px)')

/** One line a trial across its parameters to its score: where the good ones run together, the parameter matters. */
export function ParallelChart({ trials, theme }: ParallelChartProps) {
  const stacked = useSyncExternalStore(followPhone, () => phone.matches)
  const axes = useMemo(() => varyingAxes(trials), [trials])
  const option = useMemo(() => optionOf(trials, axes, theme, stacked), [trials, axes, theme, stacked])
  const best = bestTrial(trials)
  return (
    <>
      <ul className="legend">
        <li className="accent-line">
          <i aria-hidden="true" /> best{best === undefined ? '' : `, trial ${best.number}`}
        </li>
        <li className="buy-line">
          <i aria-hidden="true" /> best tenth
        </li>
        <li>
          <i aria-hidden="true" /> the rest
        </li>
        <li>
          <i className="is-dashed" aria-hidden="true" /> pruned or failed
        </li>
      </ul>
      <Chart
        className={`parallel-chart ${stacked ? 'is-stacked' : ''}`}
        option={option}
        summary={`${trials.length} trials across ${axes.map((axis) => axis.name).join(', ')} and their score.`}
      />
    </>
  )
}

function followPhone(changed: () => void): () => void {
  phone.addEventListener('change', changed)
  return () => {
    phone.removeEventListener('change', changed)
  }
}

function optionOf(trials: readonly Trial[], axes: readonly ParameterAxis[], theme: Theme, stacked: boolean) {
  const best = bestTrial(trials)?.number
  const drawn = { trials, axes, best, scoreName: 'score', stacked, nameWidth: 110 }
  return { textStyle: { fontFamily: fontFamily() }, ...parallelCoordinates(drawn, paintOf(theme)) }
}
