import { duration } from '../durations.ts'
import type { ProgressEvent } from '../progress.ts'
import { plainText, score } from './text.ts'

/**
 * The one line an event is worth where nothing can be redrawn (a pipe, a file, CI), or null. Progress inside a stage is
 * told only when `verbose`.
 */
export function plainLine(event: ProgressEvent, verbose: boolean): string | null {
  switch (event.kind) {
    case 'run':
      return `run ${plainText(event.runId)} ${event.resumed ? 'resumed' : 'started'}`
    case 'note':
      return `note: ${plainText(event.text)}`
    case 'stage-start':
      return `${event.stage}: started${event.tasks === undefined ? '' : `, ${event.tasks} tasks`}`
    case 'stage-progress':
      return verbose ? `${event.stage}: ${event.done}/${event.tasks}` : null
    case 'stage-end':
      return `${event.stage}: done in ${duration(event.ms)}${event.text === '' ? '' : `, ${plainText(event.text)}`}`
    case 'trial':
      return trialLine(event)
  }
}

function trialLine(event: Extract<ProgressEvent, { kind: 'trial' }>): string {
  const own = event.score === null ? event.state : `${event.state} ${score(event.score)}`
  const best = event.best === null ? '' : `, best ${score(event.best.score)} (trial ${event.best.number})`
  return `trial ${event.number} of ${event.trials}: ${own}${best}${event.reused === true ? ', from the earlier run' : ''}`
}
