// Run as a program of its own, to be killed: consumes, two at a time, and writes the key of each task it starts.
// Tasks whose key starts with `hang` never end. Settings come as JSON in the environment: URL, BULLPEN_HOME.
import type { Task } from '#core/protocol'
import { openDatabase, PostgresTaskLedger } from '#platform/postgres'
import { openTaskQueue } from '#platform/queue'

const onNote = () => undefined
const database = await openDatabase({ home: process.env['BULLPEN_HOME']!, onNote })
const ledger = new PostgresTaskLedger(database)
const queue = await openTaskQueue({ url: process.env['REDIS_URL']!, route: 'test', ledger, onNote, leaseTtlMs: 1000 })
queue.consume(
  ({ key }: Task) => {
    process.stdout.write(`${key}\n`)
    return key.startsWith('hang')
      ? new Promise(() => undefined)
      : Promise.resolve({ table: 'ab'.repeat(32), rows: 1, columns: 1 })
  },
  { concurrency: 2, worker: 'doomed' },
)
