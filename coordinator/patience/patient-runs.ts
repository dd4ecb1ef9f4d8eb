import { BullpenError, type ErrorData } from '#core/errors'
import type {
  DataSetRecord,
  HoldState,
  Run,
  RunHolder,
  RunState,
  RunStore,
  TimeSpan,
  TrialRecord,
} from '#core/registry'
import type { Patience } from './patience.ts'

type Calls = Pick<
  RunStore,
  | 'create'
  | 'get'
  | 'transition'
  | 'hold'
  | 'holder'
  | 'heldTimes'
  | 'renewHold'
  | 'releaseHold'
  | 'recordTask'
  | 'taskResults'
  | 'recordTrial'
  | 'recordDataSet'
>

/**
 * The calls on a run that may be made again: reads change nothing; task, trial and data set keep what came first; a
 * transition sets what it has set already, and no other coordinator's comes between two tries, because the token of
 * the hold fences them; a hold asked for again by its holder is granted anew. Renewing a hold and giving it back pass
 * through: they have their own rhythm.
 */
export class PatientRuns implements Calls {
  private readonly runs: Calls
  private readonly patience: Patience

  constructor(runs: Calls, patience: Patience) {
    this.runs = runs
    this.patience = patience
  }

  /** The id is drawn by the caller for this run alone, so a run that exists on a second try is the first try's. */
  create(id: string, spec: Readonly<Record<string, unknown>>): Promise<Run> {
    return this.call(async (attempt) => {
      try {
        return await this.runs.create(id, spec)
      } catch (error) {
        if (attempt === 1 || !(error instanceof BullpenError) || error.code !== 'RUN_EXISTS') throw error
        return this.runs.get(id)
      }
    })
  }

  get(id: string): Promise<Run> {
    return this.call(() => this.runs.get(id))
  }

  transition(
    id: string,
    state: RunState,
    more?: { error?: ErrorData; summary?: Readonly<Record<string, unknown>> },
    hold?: string,
  ): Promise<void> {
    return this.call(() => this.runs.transition(id, state, more, hold))
  }

  hold(id: string, holder: string, ttlMs: number, options?: { readonly takeOverFrom?: string }): Promise<string> {
    return this.call(() => this.runs.hold(id, holder, ttlMs, options))
  }

  holder(id: string): Promise<RunHolder | null> {
    return this.call(() => this.runs.holder(id))
  }

  heldTimes(id: string): Promise<TimeSpan[]> {
    return this.call(() => this.runs.heldTimes(id))
  }

  renewHold(id: string, token: string, ttlMs: number): Promise<HoldState> {
    return this.runs.renewHold(id, token, ttlMs)
  }

  releaseHold(id: string, token: string): Promise<void> {
    return this.runs.releaseHold(id, token)
  }

  recordTask(id: string, key: string, result: unknown): Promise<void> {
    return this.call(() => this.runs.recordTask(id, key, result))
  }

  taskResults(id: string): Promise<ReadonlyMap<string, unknown>> {
    return this.call(() => this.runs.taskResults(id))
  }

  recordTrial(id: string, trial: TrialRecord): Promise<void> {
    return this.call(() => this.runs.recordTrial(id, trial))
  }

  recordDataSet(id: string, dataSet: DataSetRecord): Promise<void> {
    return this.call(() => this.runs.recordDataSet(id, dataSet))
  }

  private call<T>(work: (attempt: number) => Promise<T>): Promise<T> {
    return this.patience.call('the database', work)
  }
}
