import { paint } from '../tokens.ts'
import { airyRange, fontSize } from './axes.ts'
import type { Size } from './svg.ts'

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
