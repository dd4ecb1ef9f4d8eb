import { lazy, Suspense, useEffect } from 'react'
import { useLive } from '../state/live.tsx'
import { useSession } from '../state/session.tsx'
import { useResource } from '../state/use-resource.ts'
import { hashOf, useRoute, views, type View } from '../state/use-route.ts'
import { useTheme } from '../state/use-theme.ts'
import { NowView } from '../views/now/now-view.tsx'
import { ConnectionState } from './connection-state.tsx'
import { NoticeList } from './notice-list.tsx'
import { chosenSeries, SeriesPicker, seriesText } from './series-picker.tsx'
import './shell.css'
import { PanelSkeleton } from './states.tsx'

const ModelsView = lazy(async () => ({ default: (await import('../views/models/models-view.tsx')).ModelsView }))
const RunsView = lazy(async () => ({ default: (await import('../views/runs/runs-view.tsx')).RunsView }))

const viewNames: Readonly<Record<View, string>> = { now: 'Now', models: 'Models', runs: 'Runs' }

/** The frame of the page: masthead with the views, what is shown, and what just happened. */
export function Shell() {
  const route = useRoute()
  const { theme, toggle } = useTheme()
  const { service } = useSession()
  const { verdictRevision } = useLive()
  const series = useResource('series', service.series, { revision: verdictRevision })
  const chosen = chosenSeries(series.data ?? [], route.series)

  useEffect(() => {
    document.title = `${viewNames[route.view]} · bullpen`
  }, [route.view])

  return (
    <>
      <a className="skip" href="#content" onClick={focusContent}>
        Skip to the content
      </a>
      <header className="masthead">
        <a className="wordmark" href={hashOf('now', route.series)}>
          bullpen
        </a>
        <nav aria-label="Views">
          {views.map((view) => (
            <a key={view} href={hashOf(view, route.series)} aria-current={view === route.view ? 'page' : undefined}>
              {viewNames[view]}
            </a>
          ))}
        </nav>
        <div className="masthead-tools">
          <SeriesPicker all={series.data ?? []} chosen={chosen} />
          <ConnectionState />
          <button type="button" className="quiet theme-switch" onClick={toggle}>
            <span aria-hidden="true">{theme === 'dark' ? '☀' : '☾'}</span>
            <span className="sr-only">{theme === 'dark' ? 'Light theme' : 'Dark theme'}</span>
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <h1 className="sr-only">{viewNames[route.view]}</h1>
        <Suspense fallback={<PanelSkeleton label={`Loading ${viewNames[route.view]}`} lines={8} />}>
          {route.view === 'now' && (
            <NowView key={chosen === undefined ? '' : seriesText(chosen)} all={series} chosen={chosen} theme={theme} />
          )}
          {route.view === 'models' && <ModelsView served={series.data ?? []} />}
          {route.view === 'runs' && <RunsView id={route.detail} series={route.series} theme={theme} />}
        </Suspense>
      </main>
      <footer className="colophon">
        <p>
          Times are UTC. A verdict is an estimate of a model, not advice. Endpoints: <a href="/docs">/docs</a>. Candle
          charts by <a href="https://www.tradingview.com/">TradingView Lightweight Charts™</a>.
        </p>
      </footer>
      <NoticeList />
    </>
  )
}

/** The hash names the view, so the skip link moves the focus by itself. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
