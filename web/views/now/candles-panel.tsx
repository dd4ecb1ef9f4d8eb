import type { CandleRow, LoggedVerdict } from '#client'
import { CandleChart } from '../../charts/candle-chart.tsx'
import { Panel } from '../../shell/panel.tsx'
import { EmptyState, PanelSkeleton, Shown } from '../../shell/states.tsx'
import type { Resource } from '../../state/use-resource.ts'
import type { Theme } from '../../state/use-theme.ts'
import { count, price } from '../../words/numbers.ts'
import { minute } from '../../words/times.ts'

interface CandlesPanelProps {
  readonly candles: Resource<readonly CandleRow[]>
  readonly verdicts: readonly LoggedVerdict[]
  readonly theme: Theme
}

/** Price with the verdicts that were given, where they were given. */
export function CandlesPanel({ candles, verdicts, theme }: CandlesPanelProps) {
  return (
    <Shown resource={candles} loading={<PanelSkeleton label="Loading the candles" lines={12} />}>
      {(shown) =>
        shown.length === 0 ? (
          <EmptyState title="No candles yet" command="bullpen candles import FILE --symbol BTC/USDT --timeframe 4h">
            Send closed candles with POST /v1/candles, or import a history.
          </EmptyState>
        ) : (
          <Panel
            className="candles"
            title="Candles and verdicts"
            aside={<Legend candles={shown} verdicts={verdicts} />}
          >
            <CandleChart candles={shown} verdicts={verdicts} theme={theme} summary={summaryOf(shown, verdicts)} />
          </Panel>
        )
      }
    </Shown>
  )
}

function Legend({
  candles,
  verdicts,
}: {
  readonly candles: readonly CandleRow[]
  readonly verdicts: readonly LoggedVerdict[]
}) {
  const { buys, sells } = countsOf(candles, verdicts)
  return (
    <ul className="legend">
      <li>
        <span className="buy" aria-hidden="true">
          ▲
        </span>
        buy ({count(buys)})
      </li>
      <li>
        <span className="sell" aria-hidden="true">
          ▼
        </span>
        sell ({count(sells)})
      </li>
      <li>hollow: closed higher</li>
    </ul>
  )
}

function summaryOf(candles: readonly CandleRow[], verdicts: readonly LoggedVerdict[]): string {
  const { buys, sells } = countsOf(candles, verdicts)
  const newest = candles.at(-1)!
  return (
    `${count(candles.length)} candles from ${minute(candles[0]!.openTime)} to ${minute(newest.openTime)}, the last close ` +
    `${price(newest.close)}; ${buys} were given the verdict buy, ${sells} sell. The table of verdicts below has the newest.`
  )
}

function countsOf(candles: readonly CandleRow[], verdicts: readonly LoggedVerdict[]) {
  const from = candles[0]!.openTime
  const shown = verdicts.filter((given) => given.candle.openTime >= from)
  const of = (name: string): number => shown.filter((given) => given.verdict === name).length
  return { buys: of('buy'), sells: of('sell') }
}
