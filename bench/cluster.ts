/**
 * `npm run bench:cluster -- TRIALS`: what the cluster costs besides the work, with real processes, Redis and PostgreSQL
 * (results durable): overhead per trial, what a second agent brings, and how soon the task of a killed agent runs again.
 */
import { BenchCluster, end, type SearchFigures } from './cluster/bench-cluster.ts'
import { machine } from './machine.ts'

const [trials = '60'] = process.argv.slice(2)
const run = ['--candles', 'sample:btcusdt-4h', '--space', 'quick', '--folds', '2', '--seed', '5', '--trials']

/** Per trial: what the threads could not use for tasks, and what they could not use for XGBoost. */
function row(agents: number, { trials, wallMs, fitMs, taskMs }: SearchFigures) {
  const lost = (usefulMs: number) => ((wallMs - usefulMs / agents) / trials).toFixed(1)
  return {
    'agents x 1 thread': agents,
    trials,
    'wall s': (wallMs / 1000).toFixed(2),
    'in XGBoost s': (fitMs / 1000).toFixed(2),
    'in tasks s': (taskMs / 1000).toFixed(2),
    'overhead ms a trial, beside tasks': lost(taskMs),
    'beside XGBoost': lost(fitMs),
  }
}

const cluster = await BenchCluster.open()
try {
  const first = cluster.startAgent()
  await cluster.train([...run, '4']) // loads the engine and fetches the data
  const alone = await cluster.train([...run, trials])
  const second = cluster.startAgent()
  await cluster.train([...run, '4'])
  const together = await cluster.train([...run, trials])
  console.log(machine())
  console.table([row(1, alone), row(2, together)])
  const busy = together.taskMs / 2 / together.wallMs
  console.log(
    `two agents: ${(alone.wallMs / 2 / together.wallMs).toFixed(3)} of ideal by the clock (half of one agent's`,
  )
  console.log(`time), threads busy with tasks ${(busy * 100).toFixed(1)} % of it`)

  const training = cluster.startTraining([...run, '12'])
  const held = await cluster.leasedFold(first.pid)
  await end(first, 'SIGKILL')
  const killedAt = performance.now()
  await cluster.leasedByAnother(held)
  console.log(`a killed agent's task runs elsewhere after ${((performance.now() - killedAt) / 1000).toFixed(2)} s`)
  await end(training, 'SIGTERM')
  await end(second, 'SIGTERM')
} finally {
  await cluster.close()
}
