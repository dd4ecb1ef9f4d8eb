import type { Series } from '../../api/shapes.ts'
import type { ServiceError } from '#client'
import type { Resource } from '../../state/use-resource.ts'
import { useResource } from '../../state/use-resource.ts'
import { useLive } from '../../state/live.tsx'
import { useSession } from '../../state/session.tsx'
import type { Theme } from '../../state/use-theme.ts'
import { seriesText } from '../../shell/series-picker.tsx'
import { EmptyState, ErrorState, Outdated, PanelSkeleton } from '../../shell/states.tsx'
import { CandlesPanel } from './candles-panel.tsx'
import { EquityPanel } from './equity-panel.tsx'
import './now.css'
import { StaleBanner } from './stale-banner.tsx'
import { VerdictLog } from './verdict-log.tsx'
import { VerdictPanel } from './verdict-panel.tsx'
import { WhyPanel } from './why-panel.tsx'

const candlesShown = 500

interface NowProps {
  readonly all: Resource<readonly Series[]>
  readonly chosen: Series | undefined
  readonly theme: Theme
}

/** What to do now, why, and how doing it has gone so far. */
export function NowView({ all, chosen, theme }: NowProps) {
  if (chosen !== undefined) return <SeriesNow series={chosen} theme={theme} />
  if (all.data !== undefined) return <NothingServed />
  if (all.error !== undefined) return <ErrorState error={all.error} retry={all.reload} />
  return <NowSkeleton />
}

function SeriesNow({ series, theme }: { readonly series: Series; readonly theme: Theme }) {
  const { service } = useSession()
  const { verdictRevision: revision } = useLive()
  const name = seriesText(series)
  const verdict = useResource(`explain ${name}`, () => service.explain(series), { revision })
  const candles = useResource(`candles ${name}`, () => service.candles(series, candlesShown), { revision })
  const given = useResource(`verdicts ${name}`, () => service.verdicts(series, candlesShown), { revision })
  const equity = useResource(`equity ${name}`, () => service.equity(series), { revision })

  return (
    <div className="now">
      <div className="now-verdict">
        <Outdated error={verdict.data === undefined ? undefined : verdict.error} />
        {verdict.data !== undefined && <StaleBanner verdict={verdict.data} />}
        {verdict.data !== undefined && <VerdictPanel verdict={verdict.data} candles={candles.data ?? []} />}
        {verdict.data === undefined && verdict.error === undefined && (
          <PanelSkeleton label="Loading the verdict" lines={9} />
        )}
        {verdict.data === undefined && verdict.error !== undefined && (
          <NoVerdict error={verdict.error} retry={verdict.reload} />
        )}
      </div>
      <div className="now-candles">
        <CandlesPanel candles={candles} verdicts={given.data ?? []} theme={theme} />
      </div>
      <div className="now-why">
        {verdict.data !== undefined && <WhyPanel verdict={verdict.data} />}
        {verdict.data === undefined && verdict.error === undefined && (
          <PanelSkeleton label="Loading the reasons" lines={10} />
        )}
      </div>
      <div className="now-equity">
        <EquityPanel equity={equity} theme={theme} />
      </div>
      <div className="now-log">
        <VerdictLog verdicts={given} candles={candles.data ?? []} />
      </div>
    </div>
  )
}

/** Some reasons for having no verdict are expected, and each has its way out. */
function NoVerdict({ error, retry }: { readonly error: ServiceError; readonly retry: () => void }) {
  if (error.code === 'NO_MODEL') return <NothingServed />
  if (error.code === 'NO_CANDLES' || error.code === 'VERDICT_UNSETTLED') {
    return (
      <EmptyState title="Not enough candles yet" command="bullpen candles import FILE --symbol BTC/USDT --timeframe 4h">
        {error.message}. {error.advice}
      </EmptyState>
    )
  }
  return <ErrorState error={error} retry={retry} />
}

function NothingServed() {
  return (
    <EmptyState title="No model answers yet" command="bullpen weekly --candles sample:btcusdt-4h">
      Verdicts come from the champion, and no version is champion so far. Train one with the command below, or promote a
      version under Models; this page goes on by itself once it answers.
    </EmptyState>
  )
}

function NowSkeleton() {
  return (
    <div className="now">
      <div className="now-verdict">
        <PanelSkeleton label="Loading the verdict" lines={9} />
      </div>
      <div className="now-candles">
        <PanelSkeleton label="Loading the candles" lines={12} />
      </div>
    </div>
  )
}
