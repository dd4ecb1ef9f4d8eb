import type { CandleRow, LoggedVerdict } from '#client'
import { Panel } from '../../shell/panel.tsx'
import { PanelSkeleton, Shown } from '../../shell/states.tsx'
import type { Resource } from '../../state/use-resource.ts'
import { percent, price, signedPercent } from '../../words/numbers.ts'
import { minute } from '../../words/times.ts'
import { verdictMarks } from '../../words/verdict-marks.ts'
import { changesAfter } from './changes-after.ts'
import { SplitBar } from './split-bar.tsx'

const rowsShown = 12

interface VerdictLogProps {
  readonly verdicts: Resource<readonly LoggedVerdict[]>
  readonly candles: readonly CandleRow[]
}

/** The newest verdicts as they were given, and what price did next. */
export function VerdictLog({ verdicts, candles }: VerdictLogProps) {
  return (
    <Shown resource={verdicts} loading={<PanelSkeleton label="Loading the verdicts" lines={6} />}>
      {(given) => (
        <Panel title="Verdicts given" aside={given.length > rowsShown ? `the newest ${rowsShown}` : undefined}>
          {given.length === 0 ? (
            <p className="aside">None yet: the first is logged when it is first asked for.</p>
          ) : (
            <div className="scroll" role="region" aria-label="Verdicts given, scrollable" tabIndex={0}>
              <LogTable given={given.slice(0, rowsShown)} candles={candles} />
            </div>
          )}
        </Panel>
      )}
    </Shown>
  )
}

function LogTable({
  given,
  candles,
}: {
  readonly given: readonly LoggedVerdict[]
  readonly candles: readonly CandleRow[]
}) {
  const changes = changesAfter(candles)
  return (
    <table className="verdict-log">
      <thead>
        <tr>
          <th scope="col">candle opened</th>
          <th scope="col" className="text">
            verdict
          </th>
          <th scope="col" className="wide-only">
            sell
          </th>
          <th scope="col" className="wide-only">
            hold
          </th>
          <th scope="col" className="wide-only">
            buy
          </th>
          <th scope="col" className="log-split">
            <span className="sr-only">probabilities drawn</span>
          </th>
          <th scope="col">close</th>
          <th scope="col">next candle</th>
          <th scope="col">version</th>
        </tr>
      </thead>
      <tbody>
        {given.map((verdict) => (
          <LogRow key={verdict.id} given={verdict} changePct={changes.get(verdict.candle.openTime)} />
        ))}
      </tbody>
    </table>
  )
}

function LogRow({ given, changePct }: { readonly given: LoggedVerdict; readonly changePct: number | undefined }) {
  const { glyph, word } = verdictMarks[given.verdict]
  return (
    <tr>
      <th scope="row">{minute(given.candle.openTime)}</th>
      <td className={`text ${given.verdict}`}>
        <span aria-hidden="true">{glyph} </span>
        {word}
      </td>
      <td className="wide-only">{percent(given.probabilities.sell, 1)}</td>
      <td className="wide-only">{percent(given.probabilities.hold, 1)}</td>
      <td className="wide-only">{percent(given.probabilities.buy, 1)}</td>
      <td className="log-split">
        <SplitBar probabilities={given.probabilities} />
      </td>
      <td>{price(given.candle.close)}</td>
      <td>{changePct === undefined ? 'open' : signedPercent(changePct)}</td>
      <td>{given.model.version}</td>
    </tr>
  )
}
