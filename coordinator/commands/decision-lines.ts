import { formatTime } from '#core/candles'
import type { RecordedDecision } from '#core/registry'

/** Decisions of the promotion gate for a person, a line each. */
export function decisionLines(decisions: readonly RecordedDecision[]): string[] {
  if (decisions.length === 0) return ['the gate has judged no version yet: every run ends with a decision']
  return decisions.map(({ at, challenger, champion, promoted, reason, text, override }) => {
    const rival = champion === null ? 'nobody' : `version ${champion}`
    const verdict = promoted ? 'promoted' : 'refused'
    const by = override === null ? '' : ` by ${override.by}`
    return `${formatTime(at)}  version ${challenger} against ${rival}: ${verdict}${by} (${reason}), ${text}`
  })
}
