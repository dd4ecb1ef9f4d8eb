// Run by bench/queue.ts as a process of its own: an agent whose tasks do nothing.
import { openDatabase, PostgresTaskLedger } from '#platform/postgres'
import { openTaskQueue } from '#platform/queue'

const onNote = (text: string) => {
  console.error(text)
}
const database = await openDatabase({ home: process.env['BULLPEN_HOME']!, onNote })
const ledger = new PostgresTaskLedger(database)
const queue = await openTaskQueue({ url: process.env['REDIS_URL']!, route: 'bench', ledger, onNote })
const result = { table: '0'.repeat(64), rows: 1, columns: 1 }
queue.consume(() => Promise.resolve(result), { concurrency: 4, worker: `bench-${process.pid}` })
process.once('SIGTERM', () => {
  void queue
    .close()
    .then(() => database.close())
    .then(() => process.exit(0))
})
process.once('disconnect', () => process.exit(1)) // whoever measures is gone
process.send!('ready')
