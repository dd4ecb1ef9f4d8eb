import { PanelSkeleton, EmptyState, Shown } from '../../shell/states.tsx'
import { useSession } from '../../state/session.tsx'
import { useResource } from '../../state/use-resource.ts'
import type { Theme } from '../../state/use-theme.ts'
import { ClusterPanel } from './cluster-panel.tsx'
import { RunDetailPanels } from './run-detail.tsx'
import { RunList } from './run-list.tsx'
import './runs.css'

/** Runs move by the second; nothing tells of it over the events, so the page looks this often. */
const lookEveryMs = 3000

interface RunsViewProps {
  /** The run that the address names; empty for the newest. */
  readonly id: string
  readonly series: string
  readonly theme: Theme
}

/** Searches, running or past: how far they are and what the trials say; the hosts that do the work. */
export function RunsView({ id, series, theme }: RunsViewProps) {
  const { service } = useSession()
  const runs = useResource('runs', service.runs, { everyMs: lookEveryMs })
  const cluster = useResource('cluster', service.cluster, { everyMs: lookEveryMs })

  return (
    <Shown resource={runs} loading={<PanelSkeleton label="Loading the runs" lines={8} />}>
      {(shown) => {
        const newest = shown[0]
        if (newest === undefined && id === '') {
          return (
            <div className="stack">
              <EmptyState title="No runs yet" command="bullpen weekly --candles sample:btcusdt-4h">
                A run goes from candles to a registered version: features, selection, a search over hyper-parameters,
                the final fit. It appears here as soon as it starts.
              </EmptyState>
              <ClusterPanel cluster={cluster} />
            </div>
          )
        }
        const chosen = id === '' ? newest!.id : id
        return (
          <div className="runs">
            <div className="runs-side">
              <RunList runs={shown} chosen={chosen} series={series} />
              <ClusterPanel cluster={cluster} />
            </div>
            <RunDetailPanels key={chosen} id={chosen} theme={theme} everyMs={lookEveryMs} />
          </div>
        )
      }}
    </Shown>
  )
}
