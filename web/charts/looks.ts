import { fontFamily, type Paint } from './paint.ts'

export const fontSize = 12

/** Looks shared by every axis: thin line, quiet labels, faint split lines. */
export function axisLook(paint: Paint) {
  return {
    nameTextStyle: { color: paint.muted, fontSize },
    axisLine: { lineStyle: { color: paint.axis } },
    axisTick: { show: false },
    axisLabel: { color: paint.muted, fontSize },
    splitLine: { lineStyle: { color: paint.grid } },
  } as const
}

/** A tooltip drawn on the canvas: one made of HTML carries inline styles, which the page's policy forbids. */
export function tooltipLook(paint: Paint) {
  return {
    renderMode: 'richText',
    backgroundColor: paint.panel,
    borderColor: paint.axis,
    borderWidth: 1,
    padding: [7, 10],
    textStyle: { color: paint.ink, fontSize, fontFamily: fontFamily(), lineHeight: 18 },
    confine: true,
  } as const
}

/** Axis ends that hold every value with some air, rounded outward to `step`. */
export function airyRange(values: readonly number[], step: number): { readonly min: number; readonly max: number } {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const air = Math.max((high - low) * 0.08, step / 2)
  const round = (value: number): number => Number(value.toFixed(10))
  return { min: round(Math.floor((low - air) / step) * step), max: round(Math.ceil((high + air) / step) * step) }
}
