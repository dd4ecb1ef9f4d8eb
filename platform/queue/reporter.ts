import { asBullpenError, toErrorData } from '#core/errors'
import type { ReportVerdict, TaskLedger } from '#core/protocol'
import { Backoff } from '#platform/attempts'
import type { PendingReport } from './held-task.ts'

export interface ReporterOptions {
  readonly ledger: TaskLedger
  /** Told of each group once it is durable, in order. */
  readonly onVerdicts: (reports: readonly PendingReport[], verdicts: readonly ReportVerdict[]) => void
  readonly onNote: (text: string) => void
}

/** Most reports in one transaction. */
const groupSize = 500

/**
 * Takes ended attempts to the ledger, one group at a time: everything that ended while the last group was under way.
 * While the ledger is away results are kept and tried again; a result is never dropped for that.
 *
 *     idle --add--> reporting --durable--> idle, or reporting the next group
 *                    |  ^
 *                    +--+ ledger away: waits, then the same group again
 */
export class Reporter {
  readonly #options: ReporterOptions
  #waiting: PendingReport[] = []
  #running: Promise<void> | undefined
  #isAway = false

  constructor(options: ReporterOptions) {
    this.#options = options
  }

  add(report: PendingReport): void {
    this.#waiting.push(report)
    // After the events of this turn, so that what ends together is reported together.
    this.#running ??= Promise.resolve()
      .then(() => this.#run())
      .finally(() => {
        this.#running = undefined
      })
  }

  /** Resolves when everything added so far is durable. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, groupSize)
      const verdicts = await this.#report(group)
      this.#options.onVerdicts(group, verdicts)
    }
  }

  async #report(group: readonly PendingReport[]): Promise<readonly ReportVerdict[]> {
    const backoff = new Backoff({ firstMs: 100 })
    for (;;) {
      try {
        const verdicts = await this.#options.ledger.report(group.map(({ report }) => report))
        this.#isAway = false
        return verdicts
      } catch (error) {
        if (!asBullpenError(error).retryable) return this.#oneByOne(group, error)
        if (!this.#isAway) this.#options.onNote(`results are kept until the database is back: ${messageOf(error)}`)
        this.#isAway = true
        await backoff.wait()
      }
    }
  }

  /** A group that the ledger will not have: one bad result must not keep the others. */
  async #oneByOne(group: readonly PendingReport[], error: unknown): Promise<readonly ReportVerdict[]> {
    if (group.length === 1) return [await this.#asFailure(group[0]!, error)]
    const verdicts: ReportVerdict[] = []
    for (const report of group) verdicts.push(...(await this.#report([report])))
    return verdicts
  }

  async #asFailure({ held, report }: PendingReport, error: unknown): Promise<ReportVerdict> {
    const { token, startedAt, finishedAt } = report
    const { id } = held.lease.task
    this.#options.onNote(`the result of task ${id} cannot be stored: ${messageOf(error)}`)
    try {
      const failure = { token, startedAt, finishedAt, ok: false as const, error: toErrorData(error) }
      const [verdict] = await this.#options.ledger.report([failure])
      return verdict ?? 'fenced'
    } catch {
      return 'fenced' // its lease lapses, and the task is tried again while it has attempts
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
