import { asBullpenError } from '#core/errors'
import { sha256 } from '#core/hashing'
import type { CandleSeries } from '#core/candles'
import type { EngineRef, TaskQueue } from '#core/protocol'
import type { ModelVersion, ObjectStore, Publisher, Run, RunStore, ShardIndex } from '#core/registry'
import { HeldRuns, takeRun, type RunRecord } from '../holds/index.ts'
import type { ProgressListener } from '../progress.ts'
import { TaskClient } from '../tasks/index.ts'
import { specOf, storeRun, type CandleOrigin } from '../training/open-run.ts'
import { TrainingRun } from '../training/training-run.ts'
import type { TrainingChoices, TrainingSpec } from '../training/training-spec.ts'
import { packageVersion } from '../version.ts'

/** A week's model, and what the gate made of it in the registry it was trained for. */
export interface TrainedWeek {
  readonly version: ModelVersion
  readonly promoted: boolean
  readonly text: string
  /** Tasks that were run for it; what is recorded of its run is not run again. */
  readonly computed: number
}

/** Trains on the candles known at one moment and lets the gate judge the model against a registry's champion. */
export interface WeekTrainer {
  train(known: CandleSeries, registry: Publisher): Promise<TrainedWeek>
}

export interface WeekTrainerOptions {
  readonly choices: TrainingChoices
  readonly origin: CandleOrigin
  readonly engine: EngineRef
  readonly queue: TaskQueue
  readonly threads: number
  readonly runs: RunStore
  readonly objects: ObjectStore
  readonly shards: ShardIndex
  readonly signal: AbortSignal
  readonly progress: ProgressListener
  readonly note: (text: string) => void
  readonly now: () => number
  readonly leaseMs: number
  /** Private key (PEM) that signs certificates. */
  readonly signingKey: () => Promise<string>
  readonly taskTimeoutMs: number
}

/**
 * Trains by the training run itself. The run is named by what decides it (spec, candles, version of bullpen), so the
 * same week is the same run, whoever asks: what is recorded of it is not computed again, only judged again, and one
 * that was interrupted goes on.
 */
export class RunWeekTrainer implements WeekTrainer {
  private readonly options: WeekTrainerOptions

  constructor(options: WeekTrainerOptions) {
    this.options = options
  }

  async train(known: CandleSeries, registry: Publisher): Promise<TrainedWeek> {
    const { choices, origin, engine, objects, runs, note, signal, leaseMs } = this.options
    const spec = await specOf(known, origin, choices, engine, objects)
    const runId = replayRunId(spec)
    const { state } = await this.findOrStore(runId, spec)
    const hold = await takeRun({ runs, runId, note, signal, ttlMs: leaseMs })
    try {
      const record = new HeldRuns(runs, hold)
      const { version, decision, computed } = await this.run(runId, spec, known, registry, {
        signal: hold.signal,
        finished: state === 'done',
        record,
      })
      return { version, promoted: decision.promoted, text: decision.text, computed }
    } finally {
      await hold.release()
    }
  }

  private async run(
    runId: string,
    spec: TrainingSpec,
    series: CandleSeries,
    registry: Publisher,
    { record, finished, signal }: { record: RunRecord; finished: boolean; signal: AbortSignal },
  ) {
    const { objects, shards, queue, threads, now, progress, signingKey } = this.options
    const runs = finished ? unmoved(record) : record
    const tasks = await TaskClient.open({
      queue,
      runs,
      runId,
      attempts: 3,
      timeoutMs: this.options.taskTimeoutMs,
      signal: AbortSignal.any([this.options.signal, signal]),
    })
    try {
      const services = { runs, registry, objects, shards, tasks, now, threads, signingKey }
      const told = finished ? () => undefined : progress
      const { registration } = await new TrainingRun(runId, spec, { ...services, progress: told }).run(series)
      await runs.transition(runId, 'done', { summary: { heldOut: registration.version.manifest.heldOut } })
      return { ...registration, computed: tasks.counters().tasks }
    } finally {
      await tasks.close()
    }
  }

  private async findOrStore(runId: string, spec: TrainingSpec): Promise<Pick<Run, 'state'>> {
    const { runs } = this.options
    try {
      return await runs.get(runId)
    } catch (error) {
      if (asBullpenError(error).code !== 'RUN_NOT_FOUND') throw error
      await storeRun(runId, spec, runs)
      return { state: 'created' }
    }
  }
}

/** Names a run by what decides its outcome; where the candles came from does not. */
function replayRunId(spec: TrainingSpec): string {
  const { sha256: candles, gapPolicy } = spec.candles
  const deciding = JSON.stringify({ ...spec, candles: { candles, gapPolicy }, bullpen: packageVersion() })
  return `replay-${sha256(deciding).slice(0, 16)}`
}

/** A finished run that is judged again stays finished. */
function unmoved(record: RunRecord): RunRecord {
  return {
    transition: () => Promise.resolve(),
    recordTask: (id, key, result) => record.recordTask(id, key, result),
    recordTrial: () => Promise.resolve(),
    recordDataSet: () => Promise.resolve(),
    taskResults: (id) => record.taskResults(id),
  }
}
