import type { Run } from '#client'
import { Panel } from '../../shell/panel.tsx'
import { hashOf } from '../../state/use-route.ts'
import { duration, minute } from '../../words/times.ts'
import { chipOf, isUnderWay } from './run-state.ts'

const runsShown = 12

export function RunList(props: { readonly runs: readonly Run[]; readonly chosen: string; readonly series: string }) {
  return (
    <Panel title="Runs" aside={props.runs.length > runsShown ? `the newest ${runsShown}` : undefined}>
      <ol className="run-list">
        {props.runs.slice(0, runsShown).map((run) => (
          <li key={run.id}>
            <a href={hashOf('runs', props.series, run.id)} aria-current={run.id === props.chosen ? 'true' : undefined}>
              <strong>{run.id}</strong>
              <span className={chipOf(run)}>{run.state}</span>
              <span className="run-when">
                {minute(run.createdAt)}
                {!isUnderWay(run) && `, took ${duration(Date.parse(run.updatedAt) - Date.parse(run.createdAt))}`}
              </span>
            </a>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
