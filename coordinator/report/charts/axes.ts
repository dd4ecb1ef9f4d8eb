import { paint } from '../tokens.ts'

export const fontSize = 12

/** Looks shared by every axis: thin line, quiet labels, faint split lines. */
export const axisLook = {
  nameTextStyle: { color: paint.muted, fontSize },
  axisLine: { lineStyle: { color: paint.axis } },
  axisTick: { show: false },
  axisLabel: { color: paint.muted, fontSize },
  splitLine: { lineStyle: { color: paint.grid } },
} as const

/** Axis ends that hold every value with some air, rounded outward to `step`. */
export function airyRange(values: readonly number[], step: number): { readonly min: number; readonly max: number } {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const air = Math.max((high - low) * 0.08, step / 2)
  const round = (value: number) => Number(value.toFixed(10))
  return { min: round(Math.floor((low - air) / step) * step), max: round(Math.ceil((high + air) / step) * step) }
}
