import type { RunDetail } from '#client'
import { HistoryChart } from '../../charts/history-chart.tsx'
import { ParallelChart } from '../../charts/parallel-chart.tsx'
import { Panel } from '../../shell/panel.tsx'
import { PanelSkeleton, Shown } from '../../shell/states.tsx'
import { useSession } from '../../state/session.tsx'
import { useNow } from '../../state/use-now.ts'
import { useResource } from '../../state/use-resource.ts'
import type { Theme } from '../../state/use-theme.ts'
import { count, four } from '../../words/numbers.ts'
import { duration } from '../../words/times.ts'
import { chipOf, isUnderWay, stages } from './run-state.ts'
import { bestTrial, tallyOf } from '../../charts/trial-figures.ts'
import { TrialsTable } from './trials-table.tsx'

/** One run: where it stands and what its trials say. */
export function RunDetailPanels(props: { readonly id: string; readonly theme: Theme; readonly everyMs: number }) {
  const { service } = useSession()
  const run = useResource(`run ${props.id}`, () => service.run(props.id), { everyMs: props.everyMs })
  return (
    <div className="stack">
      <Shown resource={run} loading={<PanelSkeleton label="Loading the run" lines={12} />}>
        {(detail) => (
          <>
            <Progress run={detail} />
            {detail.trials.length > 0 && (
              <>
                <Panel title="Optimisation history" aside={`${tallyOf(detail.trials)}; dashed: naive`}>
                  <HistoryChart trials={detail.trials} theme={props.theme} />
                </Panel>
                <Panel title="Parallel coordinates" aside="one line a trial, across what varied to its score">
                  <ParallelChart trials={detail.trials} theme={props.theme} />
                </Panel>
                <TrialsTable trials={detail.trials} />
              </>
            )}
          </>
        )}
      </Shown>
    </div>
  )
}

function Progress({ run }: { readonly run: RunDetail }) {
  const best = bestTrial(run.trials)
  return (
    <Panel title={run.id} aside={<span className={chipOf(run)}>{run.state}</span>}>
      <Stepper run={run} />
      {run.error !== null && (
        <p className="run-error" role="alert">
          <strong>{run.error.message}</strong> <code>{run.error.code}</code>
        </p>
      )}
      <dl className="figures">
        <div>
          <dt>Trials</dt>
          <dd>{count(run.trials.length)}</dd>
        </div>
        <div>
          <dt>Best score{best === undefined ? '' : `, trial ${best.number}`}</dt>
          <dd>{typeof best?.score === 'number' ? four(best.score) : '–'}</dd>
        </div>
        {typeof best?.naive === 'number' && (
          <div>
            <dt title="Reached with no skill, on the same rows">Naive</dt>
            <dd>{four(best.naive)}</dd>
          </div>
        )}
        <div>
          <dt>{isUnderWay(run) ? 'Running for' : 'Took'}</dt>
          <dd>
            <Elapsed run={run} />
          </dd>
        </div>
      </dl>
    </Panel>
  )
}

function Elapsed({ run }: { readonly run: RunDetail }) {
  const now = useNow()
  const end = isUnderWay(run) ? now : Date.parse(run.updatedAt)
  return <>{duration(end - Date.parse(run.createdAt))}</>
}

/** The stages, those behind it ticked. A run that failed or was stopped does not say where: none is current then. */
function Stepper({ run }: { readonly run: RunDetail }) {
  const current = stages.findIndex((stage) => stage === run.state)
  const reached = run.state === 'done' ? stages.length : current
  return (
    <ol className="stepper">
      {stages.map((stage, i) => {
        const is = i < reached ? 'is-done' : i === current ? 'is-current' : 'is-ahead'
        return (
          <li key={stage} className={is} aria-current={i === current ? 'step' : undefined}>
            <i aria-hidden="true">{i < reached ? '✓' : i + 1}</i>
            {stage}
            <span className="sr-only">{i < reached ? ' done' : i === current ? ' under way' : ''}</span>
          </li>
        )
      })}
    </ol>
  )
}
