import { toErrorData, type BullpenError } from '#core/errors'
import type { RunStore } from '#core/registry'
import { ownRoute } from '../route.ts'
import type { AttemptReport, TaskLease, TaskLedger } from '../task-ledger.ts'
import { exampleResult, exampleTask } from './example-tasks.ts'

/** An empty ledger, the run store it records results in, and a way to let time pass. */
export interface TaskLedgerFixture {
  readonly ledger: TaskLedger
  readonly runs: RunStore
  /** Makes everything the ledger has a time of `ms` older. */
  readonly pass: (ms: number) => Promise<void> | void
  close(): Promise<void> | void
}

/** A ledger under test and what one does to it, in few words. */
export interface LedgerTools extends TaskLedgerFixture {
  /** Leases tasks of the run `run` by key. */
  readonly lease: (keys: readonly string[], worker?: string) => Promise<readonly TaskLease[]>
  /** Leases one task, which must be granted. */
  readonly leaseOne: (key: string, worker?: string) => Promise<TaskLease>
  readonly add: (keys: readonly string[], more?: Parameters<typeof exampleTask>[2]) => Promise<readonly string[]>
}

export const route = ownRoute('test')
export const ttlMs = 60_000
export const ok = ({ token }: TaskLease, rows = 1): AttemptReport => {
  return { token, startedAt: 1000, finishedAt: 1500, ok: true, result: exampleResult(rows) }
}
export const fails = ({ token }: TaskLease, error: BullpenError): AttemptReport => {
  return { token, startedAt: 1000, finishedAt: 1500, ok: false, error: toErrorData(error) }
}

export function toolsOf(fixture: TaskLedgerFixture): LedgerTools {
  const lease: LedgerTools['lease'] = (keys, worker = 'w1') =>
    fixture.ledger.lease({ ids: keys.map((key) => `run/${key}`), route, worker, ttlMs })
  const leaseOne: LedgerTools['leaseOne'] = async (key, worker) => {
    const [granted] = await lease([key], worker)
    if (!granted) throw new Error(`no lease of ${key}`)
    return granted
  }
  const add: LedgerTools['add'] = (keys, more) =>
    fixture.ledger.add(
      keys.map((key) => exampleTask('run', key, more)),
      route,
    )
  return { ...fixture, lease, leaseOne, add }
}
