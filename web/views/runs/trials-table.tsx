import type { Trial } from '../../api/shapes.ts'
import { Panel } from '../../shell/panel.tsx'
import { four } from '../../words/numbers.ts'
import { duration } from '../../words/times.ts'
import { parameterText } from '#charts'

const rowsShown = 10

/** The best trials with their parameters. */
export function TrialsTable({ trials }: { readonly trials: readonly Trial[] }) {
  const ranked = [...trials].sort((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity) || a.number - b.number)
  const shown = ranked.slice(0, rowsShown)
  const names = Object.keys(shown[0]?.parameters ?? {})
  return (
    <Panel title="Best trials" aside={`${shown.length} of ${trials.length}`}>
      <div className="scroll" role="region" aria-label="Best trials, scrollable" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">trial</th>
              <th scope="col">score</th>
              <th scope="col" className="text">
                state
              </th>
              <th scope="col">took</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((trial) => (
              <tr key={trial.number}>
                <th scope="row">{trial.number}</th>
                <td>{trial.score === null ? '–' : four(trial.score)}</td>
                <td className="text">{trial.state}</td>
                <td>{trial.durationMs < 1000 ? `${Math.round(trial.durationMs)} ms` : duration(trial.durationMs)}</td>
                {names.map((name) => (
                  <td key={name}>{parameterText(trial.parameters[name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
