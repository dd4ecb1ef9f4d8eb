import type { Probabilities } from '../../api/shapes.ts'
import { verdictOrder } from '../../words/verdict-marks.ts'

/** The three probabilities side by side; drawn beside their numbers, so hidden from screen readers. */
export function SplitBar({ probabilities }: { readonly probabilities: Probabilities }) {
  return (
    <span className="split" aria-hidden="true">
      {verdictOrder.map((name) => (
        <i key={name} className={`s-${name}`} style={{ flexGrow: probabilities[name] }} />
      ))}
    </span>
  )
}
