import { useState } from 'react'
import type { Model, ModelList } from '#client'
import type { Series } from '../../api/shapes.ts'
import { EmptyState, PanelSkeleton, Shown } from '../../shell/states.tsx'
import { useLive } from '../../state/live.tsx'
import { useSession } from '../../state/session.tsx'
import { useResource } from '../../state/use-resource.ts'
import { ChampionTimeline } from './champion-timeline.tsx'
import './models.css'
import { MoveDialog, type Move } from './move-dialog.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { VersionsTable } from './versions-table.tsx'

/** Which versions there are, how good they are, which answers, and the two ways to change that. */
export function ModelsView({ served }: { readonly served: readonly Series[] }) {
  const { service } = useSession()
  const { modelRevision } = useLive()
  const models = useResource('models', service.models, { revision: modelRevision })
  const [move, setMove] = useState<Move | null>(null)
  const [reported, setReported] = useState<Model | null>(null)

  return (
    <Shown resource={models} loading={<PanelSkeleton label="Loading the models" lines={8} />}>
      {(shown) => (
        <div className="stack">
          {shown.items.length === 0 ? (
            <EmptyState title="No versions yet" command="bullpen weekly --candles sample:btcusdt-4h">
              A run registers the model it ends with as a version. The first one becomes champion.
            </EmptyState>
          ) : (
            <>
              <ChampionTimeline
                models={shown}
                answering={answeringVersion(championOf(shown), served)}
                rollback={(from) => {
                  setMove({ kind: 'rollback', from })
                }}
              />
              <VersionsTable
                models={shown}
                promote={(model) => {
                  setMove({ kind: 'promote', model })
                }}
                report={setReported}
              />
            </>
          )}
          {move !== null && (
            <MoveDialog
              move={move}
              champion={championOf(shown)}
              close={(moved) => {
                setMove(null)
                if (moved) models.reload()
              }}
            />
          )}
          {reported !== null && (
            <ReportDialog
              version={reported.version}
              close={() => {
                setReported(null)
              }}
            />
          )}
        </div>
      )}
    </Shown>
  )
}

function championOf(models: ModelList): Model | undefined {
  return models.items.find((model) => model.version === models.champion)
}

/** The version that the service really answers with for the champion's series; null when it says none. */
function answeringVersion(champion: Model | undefined, served: readonly Series[]): number | null {
  if (champion === undefined) return null
  const { symbol, timeframe } = champion
  return served.find((series) => series.symbol === symbol && series.timeframe === timeframe)?.version ?? null
}
