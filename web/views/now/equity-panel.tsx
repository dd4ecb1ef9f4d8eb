import { EquityChart } from '../../charts/equity-chart.tsx'
import type { Equity } from '#client'
import { Panel } from '../../shell/panel.tsx'
import { EmptyState, PanelSkeleton, Shown } from '../../shell/states.tsx'
import type { Resource } from '../../state/use-resource.ts'
import type { Theme } from '../../state/use-theme.ts'
import { signedPercent } from '../../words/numbers.ts'
import { day } from '../../words/times.ts'

/** How following the verdicts has gone, after fees, beside doing nothing. */
export function EquityPanel({ equity, theme }: { readonly equity: Resource<Equity>; readonly theme: Theme }) {
  return (
    <Shown resource={equity} loading={<PanelSkeleton label="Loading the equity curve" lines={10} />}>
      {({ points, feesBps }) =>
        points.length < 2 ? (
          <EmptyState title="No equity curve yet">
            It needs verdicts for two candles at least; one is drawn with every candle that closes.
          </EmptyState>
        ) : (
          <Panel
            className="equity"
            title="Following the verdicts"
            aside={`since ${day(points[0]!.time)}, after fees of ${feesBps} bps a trade`}
          >
            <Ends strategy={points.at(-1)!.strategy} buyAndHold={points.at(-1)!.buyAndHold} />
            <EquityChart points={points} theme={theme} />
            <p className="caption">
              Verdicts as they were logged, not as a model would give them in hindsight. Past verdicts promise nothing.
            </p>
          </Panel>
        )
      }
    </Shown>
  )
}

function Ends({ strategy, buyAndHold }: { readonly strategy: number; readonly buyAndHold: number }) {
  const gain = (end: number): string => signedPercent((end - 1) * 100)
  return (
    <dl className="ends">
      <div className="of-strategy">
        <dt>
          <i aria-hidden="true" /> Verdicts
        </dt>
        <dd>{gain(strategy)}</dd>
      </div>
      <div className="of-holding">
        <dt>
          <i aria-hidden="true" /> Buy and hold
        </dt>
        <dd>{gain(buyAndHold)}</dd>
      </div>
      <div>
        <dt>Difference</dt>
        <dd>{signedPercent((strategy - buyAndHold) * 100)}</dd>
      </div>
    </dl>
  )
}
