/**
 * `npm run bench:ledger`: tasks through the task ledger on the embedded PostgreSQL, from added to leased to reported with
 * its result in the record of its run, by tasks a call and callers at a time.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeTask, ownRoute, type Task, type TaskPayload } from '#core/protocol'
import { openDatabase, PostgresRunStore, PostgresTaskLedger } from '#platform/postgres'
import { machine } from './machine.ts'

const route = ownRoute('bench')
const hash = 'ab'.repeat(32)
const result = { metrics: { rocAucOvrWeighted: 0.7, f1Weighted: 0.5, logLoss: 0.6, naiveRocAucOvrWeighted: 0.6 } }

/** A fold over 120 columns: 1.3 kB of payload, as in a search. */
function fold(runId: string, key: string): Task {
  const payload: TaskPayload<'fold'> = {
    table: hash,
    columns: Array.from({ length: 120 }, (_, i) => 2 * i),
    trainRows: [{ start: 0, end: 5000 }],
    testRows: [{ start: 5100, end: 7000 }],
    parameters: {
      objective: 'multi:softprob',
      classes: 3,
      rounds: 300,
      learningRate: 0.05,
      maxDepth: 6,
      minChildWeight: 1,
      subsample: 0.8,
      colsampleByTree: 0.8,
      gamma: 0,
      lambda: 1,
      alpha: 0,
      maxBin: 64,
      seed: 1,
    },
    engine: { name: 'native', version: '1.7.4' },
  }
  return makeTask({ runId, key, name: 'fold', payload, attempts: 3, timeoutMs: 600_000 })
}

const home = mkdtempSync(join(tmpdir(), 'bullpen-bench-'))
const database = await openDatabase({ home, onNote: () => undefined })
const ledger = new PostgresTaskLedger(database)
const table: Record<string, string | number>[] = []

async function measure(perCall: number, callers: number, total: number): Promise<void> {
  const runId = `run-${perCall}-${callers}-${total}`
  await new PostgresRunStore(database).create(runId, {})
  const spent = { add: 0, lease: 0, report: 0 }
  const timed = async <T>(what: keyof typeof spent, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    const answer = await work()
    spent[what] += performance.now() - start
    return answer
  }
  let next = 0
  const calls = Math.ceil(total / perCall)
  const caller = async (worker: string): Promise<void> => {
    for (let call = next++; call < calls; call = next++) {
      const tasks = Array.from({ length: perCall }, (_, i) => fold(runId, `trial-${call}/fold-${i}@${hash}`))
      const ids = await timed('add', () => ledger.add(tasks, route))
      const leases = await timed('lease', () => ledger.lease({ ids, route, worker, ttlMs: 30_000 }))
      const reports = leases.map(({ token }) => {
        return { token, startedAt: 0, finishedAt: 1, ok: true, result: { ...result, rounds: 300, fitMs: 1 } } as const
      })
      const verdicts = await timed('report', () => ledger.report(reports))
      if (verdicts.length !== perCall || verdicts.some((verdict) => verdict !== 'finished')) throw new Error('lost')
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: callers }, (_, i) => caller(`w${i}`)))
  const seconds = (performance.now() - start) / 1000
  const perCallMs = Object.fromEntries(
    Object.entries(spent).map(([what, ms]) => [`${what} ms`, Number((ms / calls).toFixed(2))]),
  )
  table.push({
    'tasks a call': perCall,
    callers,
    tasks: calls * perCall,
    'tasks/s': Math.round((calls * perCall) / seconds),
    ...perCallMs,
  })
}

await measure(10, 1, 1000) // warms up
table.length = 0
for (const [perCall, callers, total] of [
  [1, 1, 2000],
  [1, 4, 4000],
  [10, 1, 10_000],
  [100, 1, 30_000],
  [100, 2, 30_000],
  [1000, 1, 50_000],
  [1000, 2, 50_000],
] as const) {
  await measure(perCall, callers, total)
}
await database.close()
rmSync(home, { recursive: true })
console.table(table)
console.log(machine())
