import type { CandleRow, Explanation } from '#client'
import { percent, price } from '../../words/numbers.ts'
import { clock, day, duration } from '../../words/times.ts'
import { verdictMarks, verdictOrder } from '../../words/verdict-marks.ts'
import { useAge } from './age.ts'
import { FlipGauge } from './flip-gauge.tsx'
import { SplitBar } from './split-bar.tsx'

/** The answer: one word, how sure, and what would change it. */
export function VerdictPanel(props: { readonly verdict: Explanation; readonly candles: readonly CandleRow[] }) {
  const { verdict } = props
  const { glyph, word } = verdictMarks[verdict.verdict]
  return (
    <section className="panel verdict" aria-labelledby="verdict-word" aria-live="polite">
      <p className="eyebrow">
        {verdict.symbol}, {verdict.timeframe} candle closed {clock(verdict.candle.closeTime)},{' '}
        {day(verdict.candle.closeTime)}
      </p>
      <h2 id="verdict-word" className={`word ${verdict.verdict}`}>
        <span aria-hidden="true">{glyph}</span>
        {word}
      </h2>
      <SplitBar probabilities={verdict.probabilities} />
      <dl className="odds">
        {verdictOrder.map((name) => (
          <div key={name} className={name === verdict.verdict ? 'is-winner' : undefined}>
            <dt>
              <span className={name} aria-hidden="true">
                {verdictMarks[name].glyph}
              </span>{' '}
              {verdictMarks[name].word}
            </dt>
            <dd>{percent(verdict.probabilities[name], 1)}</dd>
          </div>
        ))}
      </dl>
      <FlipGauge verdict={verdict} candles={props.candles} />
      <dl className="facts">
        <dt>Close</dt>
        <dd>{price(verdict.candle.close)}</dd>
        <DataAge verdict={verdict} />
        <dt>Model</dt>
        <dd>
          version {verdict.model.version} <code title={verdict.model.sha256}>{verdict.model.sha256.slice(0, 8)}</code>
        </dd>
      </dl>
    </section>
  )
}

/** Ticks for the eye; a screen reader meets it as a plain value and is not told each second. */
function DataAge({ verdict }: { readonly verdict: Explanation }) {
  const { ageMs, nextInMs, widthMs, stale } = useAge(verdict)
  return (
    <>
      <dt>Data age</dt>
      <dd aria-live="off" className={stale ? 'sell' : undefined}>
        {duration(ageMs)}
        <span className="age-bar" aria-hidden="true">
          <i
            className={stale ? 'is-stale' : undefined}
            style={{ width: `${Math.min(100, (100 * ageMs) / widthMs)}%` }}
          />
        </span>
      </dd>
      <dt>Next candle</dt>
      <dd aria-live="off">{nextInMs > 0 ? `in ${duration(nextInMs)}` : `overdue by ${duration(-nextInMs)}`}</dd>
    </>
  )
}
