import { BullpenError, type ErrorData } from '#core/errors'
import type { DataSetRecord, RunState, RunStore, TrialRecord } from '#core/registry'
import type { RunHold } from './run-hold.ts'

/** What a coordinator writes and reads of the run it holds. */
export type RunRecord = Pick<RunStore, 'transition' | 'recordTask' | 'taskResults' | 'recordTrial' | 'recordDataSet'>

/** The record of a run as long as it is held: every write waits for the hold, and throws RUN_HOLD_LOST without it. */
export class HeldRuns implements RunRecord {
  private readonly runs: RunRecord
  private readonly hold: RunHold

  constructor(runs: RunRecord, hold: RunHold) {
    this.runs = runs
    this.hold = hold
  }

  async transition(
    id: string,
    state: RunState,
    more: { error?: ErrorData; summary?: Readonly<Record<string, unknown>> } = {},
  ): Promise<void> {
    await this.hold.ready()
    try {
      await this.runs.transition(id, state, more, this.hold.token)
    } catch (error) {
      if (!(error instanceof BullpenError) || error.code !== 'RUN_HOLD_LOST') throw error
      // The hold may have lapsed while the database was away and nobody has taken the run: then it goes on.
      await this.hold.confirm()
      await this.runs.transition(id, state, more, this.hold.token)
    }
  }

  async recordTask(id: string, key: string, result: unknown): Promise<void> {
    await this.hold.ready()
    await this.runs.recordTask(id, key, result)
  }

  async recordTrial(id: string, trial: TrialRecord): Promise<void> {
    await this.hold.ready()
    await this.runs.recordTrial(id, trial)
  }

  async recordDataSet(id: string, dataSet: DataSetRecord): Promise<void> {
    await this.hold.ready()
    await this.runs.recordDataSet(id, dataSet)
  }

  taskResults(id: string): Promise<ReadonlyMap<string, unknown>> {
    return this.runs.taskResults(id)
  }
}
