import type { TrialRecord } from '#core/registry'
import { paint } from '../tokens.ts'
import { airyRange, fontSize } from './axes.ts'
import type { Size } from './svg.ts'

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
export function varyingAxes(trials: readonly TrialRecord[]): ParameterAxis[] {
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
export function placeOn(axis: ParameterAxis, trial: TrialRecord): number | string {
  const value = trial.parameters[axis.name] ?? '-'
  return axis.categories === null ? value : String(value)
}

/** The options of one parameter's axis. */
export function parameterAxis(axis: ParameterAxis): object {
  if (axis.categories !== null) return { name: axis.name, type: 'category', data: [...axis.categories] }
  return axis.log ? { name: axis.name, type: 'log' } : { name: axis.name, type: 'value', scale: true, splitNumber: 4 }
}

/** The options of the axis of the scores. */
export function scoreAxis(name: string, scores: readonly number[]): object {
  return { name, ...(scores.length === 0 ? { min: 0, max: 1 } : airyRange(scores, 0.002)) }
}

/** Keeps words legible where lines cross them. */
const halo = { textBorderColor: paint.panel, textBorderWidth: 3 }

/** Looks of every axis. Side by side their names stand on top and share the width; stacked, at the left above each. */
export function parallelLook(stacked: boolean, size: Size, axes: number): object {
  const shared = {
    axisLine: { lineStyle: { color: paint.axis } },
    axisTick: { show: false },
    axisLabel: { color: paint.ink, fontSize: fontSize - 1, formatter: compact, ...halo },
  }
  const name = { color: paint.ink, fontSize }
  if (stacked) {
    const above = { ...name, ...halo, align: 'left', verticalAlign: 'bottom', padding: [0, 0, 6, 0] }
    return { ...shared, nameLocation: 'start', nameGap: 0, nameTextStyle: above }
  }
  const nameTruncate = { maxWidth: Math.floor(size.width / axes) - 4, ellipsis: '…' }
  return { ...shared, nameLocation: 'end', nameGap: 14, nameTextStyle: name, nameTruncate }
}

function compact(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value
}

/** Values over a wide range of which half lie in the lowest fifth were drawn on a log scale. */
function isLogarithmic(values: readonly number[]): boolean {
  const sorted = [...values].sort((a, b) => a - b)
  const low = sorted[0]!
  const high = sorted.at(-1)!
  return low > 0 && high / low >= logarithmicFrom && sorted[Math.floor(sorted.length / 2)]! <= high / 5
}
