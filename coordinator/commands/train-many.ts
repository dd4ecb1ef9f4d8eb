import { asBullpenError, BullpenError, toErrorData, type ErrorData } from '#core/errors'
import { championAlias, type ModelRegistry, type Publisher } from '#core/registry'
import { atMost } from '../at-most.ts'
import { plainLine } from '../display/index.ts'
import { RunMetricsRecorder } from '../run-metrics.ts'
import type { TrainingOutcome } from '../training/training-outcome.ts'
import { columnsOf } from '../columns-of.ts'
import { conductTraining } from './conduct-training.ts'
import { localLabour, sharedLabour } from './labour.ts'
import { openPurse } from './money.ts'
import { sessionWith, type Session } from './session.ts'
import type { TrainingOptions } from './training-options.ts'

/** How the run of one series ended; `runId` is null when it failed before there was a run. */
export type SeriesOutcome = { readonly source: string } & (
  { readonly outcome: TrainingOutcome } | { readonly runId: string | null; readonly error: ErrorData }
)

/** Runs at a time: each keeps its training table in memory. */
const runsAtOnce = 8

/**
 * One run for each series over the same threads or agents. Tasks wait by stage and trial, not by series: trial 3 of a
 * small series goes before trial 4 of a large one, so none starves. A run that fails is told in its place and the
 * others go on. One budget holds for all: what one spends is gone for the others. Where no series has a champion yet, the first source that succeeds gets it, whoever is done first.
 * Throws USAGE, and the interruption after every run has been told of it.
 */
export async function trainMany(
  sources: readonly string[],
  options: TrainingOptions,
  session: Session,
): Promise<SeriesOutcome[]> {
  checkMany(sources, options)
  const { labour, end } = sharedLabour(localLabour(options, session))
  const registry = await session.workshop.registry()
  const purse = await openPurse(options, session)
  const inOrder = (await registry.resolve(championAlias)) === null
  const ended: Promise<unknown>[] = []
  try {
    const outcomes = await atMost(runsAtOnce, sources, (source, place) => {
      const before = inOrder ? Promise.all(ended.slice(0, place)) : Promise.resolve()
      const run = trainOne({ ...options, candles: source }, session, {
        labour,
        purse,
        registry: waiting(registry, before),
      })
      ended[place] = run
      return run
    })
    session.signal.throwIfAborted()
    return outcomes
  } finally {
    await end()
    await purse.close()
  }
}

type Shared = NonNullable<Parameters<typeof conductTraining>[2]>

async function trainOne(
  options: TrainingOptions & { readonly candles: string },
  session: Session,
  shared: Shared,
): Promise<SeriesOutcome> {
  const { candles: source } = options
  const { own, runId } = sessionOf(source, session)
  try {
    return { source, outcome: await conductTraining(options, own, shared) }
  } catch (thrown) {
    const error = toErrorData(asBullpenError(thrown))
    own.note(`${error.code}: ${error.message}`)
    return { source, runId: runId(), error }
  }
}

/** A session whose progress is lines that begin with the source: a display shows one run only. */
function sessionOf(source: string, session: Session): { readonly own: Session; readonly runId: () => string | null } {
  const metrics = new RunMetricsRecorder()
  session.watched.push(metrics)
  const note = (text: string): void => {
    session.note(`${source}: ${text}`)
  }
  const own = sessionWith(session, {
    metrics,
    note,
    progress: (event) => {
      metrics.onProgress(event)
      const line = event.kind === 'note' ? event.text : plainLine(event, false)
      if (line !== null) note(line)
    },
  })
  return { own, runId: () => metrics.runId }
}

/** The registry, which tells who is champion only when `before` has ended. */
function waiting(registry: ModelRegistry, before: Promise<unknown>): Publisher {
  return {
    resolve: async (alias) => {
      await before
      return registry.resolve(alias)
    },
    publish: (manifest, publication) => registry.publish(manifest, publication),
    decisions: (alias) => registry.decisions(alias),
  }
}

function checkMany(sources: readonly string[], { resume, symbol }: TrainingOptions): void {
  const refuse = (reason: string): BullpenError => new BullpenError('USAGE', { reason })
  if (resume !== undefined) throw refuse('--resume goes on with one run, whose candles are stored')
  if (symbol !== undefined) throw refuse('--symbol cannot name several series')
  const twice = sources.find((source, i) => sources.indexOf(source) < i)
  if (twice !== undefined) throw refuse(`${twice} is given twice`)
}

/** The summary for a person: a line for each series that ended well, then what failed and how to go on. */
export function manyLines(outcomes: readonly SeriesOutcome[]): string[] {
  const head = ['series', 'run', 'verdict', 'AUC', 'naive', 'version', '']
  const rows = outcomes.flatMap((each) => ('outcome' in each ? [cellsOf(each.source, each.outcome)] : []))
  const failures = outcomes.flatMap((each) => {
    if ('outcome' in each) return []
    const resume = each.runId === null ? '' : ` (bullpen train --resume ${each.runId})`
    return [`${each.source}: ${each.error.code}: ${each.error.message}${resume}`]
  })
  return ['', ...columnsOf([head, ...rows]), ...failures]
}

function cellsOf(source: string, { runId, verdict, metrics, model, promotion }: TrainingOutcome): string[] {
  const { rocAucOvrWeighted: auc, naiveRocAucOvrWeighted: naive } = metrics.heldOut
  const standing = model.champion ? 'champion' : promotion.reason
  return [source, runId, verdict, auc.toFixed(4), naive.toFixed(4), String(model.version), standing]
}
