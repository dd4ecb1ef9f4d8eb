/** Prints what bullpen and its peers left in a folder as one table: `table.js FOLDER`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface PeerResult {
  readonly name: string
  readonly version: string
  /** Wall clock of the search, without starting the pool. */
  readonly seconds: number
  readonly trials: number
  readonly best: number
  /** Time inside XGBoost, summed over workers. */
  readonly kernelSeconds: number
}

const [folder = '.'] = process.argv.slice(2)
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const { machine, rows, columns, source } = read('task.json') as Record<string, unknown>
console.log(`${String(machine)}; ${String(source)}: ${String(rows)} rows x ${String(columns)} columns, 3 purged folds`)
console.table(
  ['bullpen.json', 'optuna_joblib.json', 'ray_tune.json'].map((file) => {
    const { name, version, seconds, trials, best, kernelSeconds } = read(file) as PeerResult
    return {
      name,
      version,
      trials,
      'wall s': seconds.toFixed(1),
      'trials/s': (trials / seconds).toFixed(2),
      'in XGBoost s': kernelSeconds.toFixed(1),
      'best mean AUC': best.toFixed(4),
    }
  }),
)
