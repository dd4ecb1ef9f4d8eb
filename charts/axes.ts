/** Colours that drawings are made of, by the names of the style sheet's tokens. */
export type Paint = Readonly<
  Record<'panel' | 'ink' | 'muted' | 'axis' | 'grid' | 'buy' | 'sell' | 'hold' | 'accent', string>
>

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

/** Axis ends that hold every value with some air, rounded outward to `step`; 0 to 1 for no value. */
export function airyRange(values: readonly number[], step: number): { readonly min: number; readonly max: number } {
  if (values.length === 0) return { min: 0, max: 1 }
  const low = Math.min(...values)
  const high = Math.max(...values)
  const air = Math.max((high - low) * 0.08, step / 2)
  const round = (value: number) => Number(value.toFixed(10))
  return { min: round(Math.floor((low - air) / step) * step), max: round(Math.ceil((high + air) / step) * step) }
}
