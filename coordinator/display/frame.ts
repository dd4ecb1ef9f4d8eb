import { clockFace, duration } from '../durations.ts'
import type { StageName } from '../progress.ts'
import { timeLeft, type DisplayState, type StageView } from './display-state.ts'
import { clip, plainText, score } from './text.ts'

const stageOrder: readonly StageName[] = [
  'candles',
  'features',
  'outer',
  'selection',
  'search',
  'calibrate',
  'fit',
  'score',
  'certify',
  'register',
  'report',
]
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const spinnerMs = 100
const nameWidth = 11
const barWidth = 24

/** First character of a stage line: what colour a terminal may give it. */
export const glyphs = { done: '✔', waiting: '·', running: new Set(spinner) } as const

/**
 * The live display as lines without colour, none wider than `columns - 1` (the last cell of a terminal row wraps on
 * some terminals). One line for the run and one per stage, in the order of a run.
 */
export function renderFrame(state: DisplayState, columns: number, now: number): string[] {
  const lines = [heading(state, now), ...stagesShown(state).map((name) => stageLine(name, state, now))]
  return lines.map((line) => clip(line, Math.max(1, columns - 1)))
}

function heading(state: DisplayState, now: number): string {
  const run = state.run === null ? 'bullpen' : `run ${plainText(state.run.id)}${state.run.resumed ? ' (resumed)' : ''}`
  return `${run}  ${clockFace(now - state.startedAt)}`
}

function stageLine(name: StageName, state: DisplayState, now: number): string {
  const padded = name.padEnd(nameWidth)
  const stage = state.stages.find((view) => view.stage === name)
  if (stage === undefined) return `${glyphs.waiting} ${name}`
  if (stage.ended !== null) {
    return `${glyphs.done} ${padded}${duration(stage.ended.ms).padStart(10)}  ${plainText(stage.ended.text)}`.trimEnd()
  }
  const turn = Math.floor((now - state.startedAt) / spinnerMs) % spinner.length
  return `${spinner[Math.max(0, turn)]!} ${padded}${running(stage, state, now)}`
}

function running(stage: StageView, state: DisplayState, now: number): string {
  const elapsed = clockFace(now - stage.startedAt)
  if (stage.tasks <= 0) return elapsed
  const left = timeLeft(stage, now)
  const parts = [
    `${bar(stage.done / stage.tasks)} ${stage.done}/${stage.tasks}`,
    elapsed,
    `ETA ${left === null ? '…' : clockFace(left)}`,
  ]
  if (stage.stage === 'search') parts.push(...searchParts(state))
  return parts.join('  ')
}

function searchParts(state: DisplayState): string[] {
  const parts = [state.best === null ? 'best …' : `best ${score(state.best.score)} (trial ${state.best.number})`]
  if (state.pruned > 0) parts.push(`${state.pruned} pruned`)
  if (state.failed > 0) parts.push(`${state.failed} failed`)
  return parts
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth)
  return '█'.repeat(filled) + '░'.repeat(barWidth - filled)
}

/** Outer steps are part of few runs: they have a line once they have begun. */
function stagesShown({ stages }: DisplayState): readonly StageName[] {
  return stageOrder.filter((name) => name !== 'outer' || stages.some(({ stage }) => stage === name))
}
