import type { Model, ModelList } from '#client'
import { Panel } from '../../shell/panel.tsx'
import { hashOf } from '../../state/use-route.ts'
import { count, four, signed } from '../../words/numbers.ts'
import { day } from '../../words/times.ts'

interface VersionsTableProps {
  readonly models: ModelList
  readonly promote: (model: Model) => void
  readonly report: (model: Model) => void
}

/** Every version with its scores beside what no skill reaches. */
export function VersionsTable({ models, promote, report }: VersionsTableProps) {
  const widest = Math.max(1e-9, ...models.items.map((model) => Math.abs(model.metrics.heldOut.lift)))
  return (
    <Panel title="Versions" aside="scores on held-out bars, which nobody trained or tuned on">
      <div className="scroll" role="region" aria-label="Versions, scrollable" tabIndex={0}>
        <table className="versions">
          <thead>
            <tr>
              <th scope="col">version</th>
              <th scope="col" className="text wide-only">
                series
              </th>
              <th scope="col" className="text wide-only">
                registered
              </th>
              <th scope="col">AUC</th>
              <th scope="col">naive</th>
              <th scope="col" className="text">
                lift
              </th>
              <th scope="col">log loss</th>
              <th scope="col">F1</th>
              <th scope="col">bars</th>
              <th scope="col">AUC, folds</th>
              <th scope="col" className="text">
                run
              </th>
              <th scope="col">
                <span className="sr-only">actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {models.items.map((model) => (
              <VersionRow
                key={model.version}
                model={model}
                isChampion={model.version === models.champion}
                widest={widest}
                promote={promote}
                report={report}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className="caption">
        An AUC near 0.78 needs no skill on this label: the naive number, how far the close stands from its own seven-bar
        smooth, reaches it without looking ahead. Only the lift counts, and it includes no fees.
      </p>
    </Panel>
  )
}

function VersionRow(props: {
  readonly model: Model
  readonly isChampion: boolean
  readonly widest: number
  readonly promote: (model: Model) => void
  readonly report: (model: Model) => void
}) {
  const { model, isChampion } = props
  const { heldOut, crossValidation } = model.metrics
  return (
    <tr className={isChampion ? 'is-champion' : undefined}>
      <th scope="row">
        {model.version}{' '}
        {model.aliases.map((alias) => (
          <span key={alias} className="chip is-accent">
            {alias}
          </span>
        ))}
      </th>
      <td className="text wide-only">
        {model.symbol} {model.timeframe}
      </td>
      <td className="text wide-only">{day(model.createdAt)}</td>
      <td>{four(heldOut.rocAucOvrWeighted)}</td>
      <td className="is-muted">{four(heldOut.naiveRocAucOvrWeighted)}</td>
      <td className="text">
        <span className={`lift ${heldOut.lift > 0 ? 'is-gain' : 'is-loss'}`}>
          <i aria-hidden="true" style={{ width: `${(48 * Math.abs(heldOut.lift)) / props.widest}px` }} />
          {signed(heldOut.lift)}
        </span>
      </td>
      <td>{four(heldOut.logLoss)}</td>
      <td>{four(heldOut.f1Weighted)}</td>
      <td>{count(heldOut.rows)}</td>
      <td>{four(crossValidation.rocAucOvrWeighted)}</td>
      <td className="text">
        <a href={hashOf('runs', '', model.runId)}>{model.runId}</a>
      </td>
      <td className="row-actions">
        <button
          type="button"
          aria-label={`Report of version ${model.version}`}
          onClick={() => {
            props.report(model)
          }}
        >
          Report
        </button>
        <button
          type="button"
          disabled={isChampion}
          aria-label={`Promote version ${model.version}`}
          onClick={() => {
            props.promote(model)
          }}
        >
          Promote…
        </button>
      </td>
    </tr>
  )
}
