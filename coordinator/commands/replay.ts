import { labeler } from '#core/labels'
import { loadModel } from '#core/registry'
import { MemoryModelRegistry } from '#platform/memory'
import { RunWeekTrainer, replayPipeline, type ReplayChoices, type ReplayResult } from '../replay/index.ts'
import { checkChoices } from '../training/open-run.ts'
import { splitsWarning } from '../training/split-choices.ts'
import { localLabour } from './labour.ts'
import type { SeriesOptions } from './series-options.ts'
import type { Session } from './session.ts'
import type { LearningOptions } from './training-options.ts'

/** What `backtest --pipeline` takes. */
export type ReplayOptions = LearningOptions & SeriesOptions & { readonly candles: string }

/**
 * Conducts a replay on threads of this process. Its runs are kept beside all others (`replay-…` in bullpen runs list),
 * so that it goes on where it was stopped; its champions live in memory, and the live one is never read nor moved.
 */
export async function conductReplay(
  options: ReplayOptions,
  choices: ReplayChoices,
  session: Session,
): Promise<ReplayResult> {
  checkChoices(options)
  const { workshop, signal, progress, now } = session
  const note = (text: string): void => {
    session.note(text)
  }
  const warning = splitsWarning(options)
  if (warning !== null) note(warning)
  const labour = localLabour(options, session)
  const engine = await labour.engine()
  const series = await session.loadSeries(options.candles, options)
  const [runs, shards, objects] = [await workshop.runs(), await workshop.shards(), workshop.objects()]
  const { queue, threads, stop } = await labour.start(engine)
  try {
    const trainer = new RunWeekTrainer({
      choices: options,
      origin: { source: options.candles, gapPolicy: options.gaps ?? 'keep' },
      ...{ engine, queue, threads, runs, objects, shards, signal, progress, note, now },
      signingKey: () => workshop.signingKey(),
      leaseMs: workshop.config.leaseMs,
      taskTimeoutMs: options.taskTimeout * 1000,
    })
    return await replayPipeline(series, choices, {
      trainer,
      openRegistry: () => new MemoryModelRegistry(now),
      loadModel: ({ manifest }) => loadModel(manifest, objects),
      reach: labeler(options.label, options.labelParam).label(series).maxReach,
      note,
    })
  } catch (error) {
    note('to go on: the same command again; what is trained already is kept')
    throw error
  } finally {
    await stop()
  }
}
