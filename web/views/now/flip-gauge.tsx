import type { CandleRow, Explanation } from '#client'
import { price, signedPercent } from '../../words/numbers.ts'
import { verdictMarks } from '../../words/verdict-marks.ts'
import { typicalMovePct } from './typical-move.ts'

/** The scale reaches this many typical candles to either side. */
const reach = 4

/** The nearest close that would change the verdict, and how far that is, measured in typical candles. */
export function FlipGauge(props: { readonly verdict: Explanation; readonly candles: readonly CandleRow[] }) {
  const { flip, candle } = props.verdict
  if (flip === null) {
    return <p className="flip-words">No close near the last one would change the verdict.</p>
  }
  const typical = typicalMovePct(props.candles)
  const moves = typical === 0 ? 0 : flip.changePct / typical
  const { glyph, word } = verdictMarks[flip.verdict]
  return (
    <div className="flip">
      <p className="flip-words">
        Turns{' '}
        <span className={flip.verdict}>
          <span aria-hidden="true">{glyph} </span>
          {word.toLowerCase()}
        </span>{' '}
        at a close of <strong>{price(flip.close)}</strong>, {signedPercent(flip.changePct)}
      </p>
      {typical > 0 && (
        <>
          <div className={`gauge to-${flip.verdict}`} aria-hidden="true">
            <i
              className="beyond"
              style={flip.changePct < 0 ? { left: 0, right: percentAt(-moves) } : { left: percentAt(moves), right: 0 }}
            />
            <i className="now-mark" />
            <i className="flip-mark" style={{ left: percentAt(moves) }} />
          </div>
          <p className="gauge-words">
            <span>−{reach}</span>
            <span>
              {Math.abs(moves).toFixed(1)} typical candles from {price(candle.close)}
            </span>
            <span>+{reach}</span>
          </p>
        </>
      )}
    </div>
  )
}

/** Place of a move (in typical candles) on the scale. */
function percentAt(moves: number): string {
  return `${50 + (50 * Math.max(-reach, Math.min(reach, moves))) / reach}%`
}
