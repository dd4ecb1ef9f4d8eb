import type { Explanation } from '#client'
import type { Contribution } from '../../api/shapes.ts'
import { Panel } from '../../shell/panel.tsx'
import { compact, signed } from '../../words/numbers.ts'
import { verdictMarks } from '../../words/verdict-marks.ts'

/** Which columns move the model towards its verdict and which away, exact (TreeSHAP), and in words. */
export function WhyPanel({ verdict }: { readonly verdict: Explanation }) {
  const winner = verdict.verdict
  const { word } = verdictMarks[winner]
  const widest = Math.max(
    1e-9,
    ...verdict.contributions.map((c) => Math.abs(c[winner])),
    Math.abs(verdict.rest[winner]),
  )
  return (
    <Panel title={`Why ${word.toLowerCase()}`} aside="what moves the score of the verdict">
      <ul className="reasons">
        {verdict.words.slice(0, 4).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <table className="bars">
        <caption className="sr-only">
          Contributions to the margin of {word}; positive ones speak for it, negative ones against.
        </caption>
        <thead>
          <tr>
            <th scope="col">column</th>
            <th scope="col">value</th>
            <th scope="col" className="bar-head">
              <span>← against</span>
              <span>for →</span>
            </th>
            <th scope="col">margin</th>
          </tr>
        </thead>
        <tbody>
          {verdict.contributions.map((contribution) => (
            <Row key={contribution.column} {...rowOf(contribution, verdict)} widest={widest} winner={winner} />
          ))}
          <Row name="all other columns" value="" margin={verdict.rest[winner]} widest={widest} winner={winner} quiet />
        </tbody>
      </table>
      <p className="caption">
        Before it looks at the candle the model gives {word.toLowerCase()} a margin of{' '}
        {signed(verdict.baseline[winner], 2)}; the bars are added to it.
      </p>
    </Panel>
  )
}

function rowOf(contribution: Contribution, { verdict }: Explanation) {
  const value = contribution.value === null ? 'missing' : compact(contribution.value)
  return { name: contribution.column, value, margin: contribution[verdict] }
}

function Row(props: {
  readonly name: string
  readonly value: string
  readonly margin: number
  readonly widest: number
  readonly winner: string
  readonly quiet?: boolean
}) {
  const width = `${(50 * Math.abs(props.margin)) / props.widest}%`
  const isFor = props.margin >= 0
  return (
    <tr className={props.quiet ? 'is-quiet' : undefined}>
      <th scope="row">{props.name}</th>
      <td>{props.value}</td>
      <td className="bar-cell">
        <span className={`bar ${isFor ? `for-${props.winner}` : 'against'}`}>
          <i style={isFor ? { left: '50%', width } : { right: '50%', width }} />
        </span>
      </td>
      <td>{signed(props.margin, 3)}</td>
    </tr>
  )
}
