import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fileURLToPath } from 'node:url'
import { connect, type Pool } from '../library/index.ts'
import { machine } from './machine.ts'

/**
 * `npm run bench:map -- 1000000`: tiny own tasks through `pool.map`, and what the reader's heap does meanwhile (after a
 * collection, every tenth of the way). It may not grow with the number of items.
 */
const count = Number(process.argv[2] ?? 100_000)
const concurrency = 4096

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heapMib(): number {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

function* numbers(): Generator<number> {
  for (let n = 0; n < count; n++) yield n
}

async function measure(name: string, pool: Pool, ordered: boolean): Promise<void> {
  const heaps = [heapMib()]
  const start = performance.now()
  let read = 0
  for await (const { index, output } of pool.map('no-op', numbers(), { concurrency, ordered })) {
    if (index !== output) throw new Error(`item ${index} was answered with ${String(output)}`)
    if (++read % Math.ceil(count / 10) === 0) heaps.push(heapMib())
  }
  const seconds = (performance.now() - start) / 1000
  if (read !== count) throw new Error(`${read} results of ${count} items`)
  heaps.push(heapMib())
  const cells = [name.padEnd(28), String(count).padStart(9), seconds.toFixed(1).padStart(8)]
  cells.push(
    (count / seconds).toFixed(0).padStart(8),
    ...[heaps[1]!, Math.max(...heaps.slice(1, -1)), heaps.at(-1)!].map((mib) => mib.toFixed(1).padStart(9)),
  )
  console.log(cells.join(' '))
}

console.log(machine())
console.log(`${'what'.padEnd(28)}     items  seconds  items/s  heap 10%  heap max  heap end (MiB)`)
const noOp = fileURLToPath(new URL('./no-op-task.js', import.meta.url))
const local = await connect({ local: { tasks: { 'no-op': noOp }, threads: 2 } })
await measure('in one process, ordered', local, true)
await measure('in one process, as they come', local, false)
await local.close()
