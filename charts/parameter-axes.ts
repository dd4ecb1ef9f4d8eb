import type { DrawnTrial } from './drawn-trial.ts'

/** One parameter that took more than one value. */
export interface ParameterAxis {
  readonly name: string
  /** Its words in order when it is not numeric. */
  readonly categories: readonly string[] | null
  readonly log: boolean
}

/** A log axis needs this ratio of largest to smallest value. */
const logarithmicFrom = 50

/** Axes of the parameters that varied, in the order of the search space. */
export function varyingAxes(trials: readonly Pick<DrawnTrial, 'parameters'>[]): ParameterAxis[] {
  const names = Object.keys(trials[0]?.parameters ?? {})
  return names.flatMap((name) => {
    const values = trials.flatMap((trial) => trial.parameters[name] ?? [])
    const distinct = new Set(values)
    if (distinct.size < 2) return []
    const numbers = values.filter((value) => typeof value === 'number')
    const categories = numbers.length === values.length ? null : [...distinct].map(String).sort()
    return [{ name, categories, log: categories === null && isLogarithmic(numbers) }]
  })
}

/** A trial's place on an axis; `-` where it has none. */
export function placeOn(axis: ParameterAxis, trial: Pick<DrawnTrial, 'parameters'>): number | string {
  const value = trial.parameters[axis.name] ?? '-'
  return axis.categories === null ? value : String(value)
}

/** The options of one parameter's axis, for ECharts. */
export function parameterAxis(axis: ParameterAxis): object {
  if (axis.categories !== null) return { name: axis.name, type: 'category', data: [...axis.categories] }
  return axis.log ? { name: axis.name, type: 'log' } : { name: axis.name, type: 'value', scale: true, splitNumber: 4 }
}

/** Values over a wide range of which half lie in the lowest fifth were drawn on a log scale. */
function isLogarithmic(values: readonly number[]): boolean {
  const sorted = [...values].sort((a, b) => a - b)
  const low = sorted[0]!
  const high = sorted.at(-1)!
  return low > 0 && high / low >= logarithmicFrom && sorted[Math.floor(sorted.length / 2)]! <= high / 5
}
