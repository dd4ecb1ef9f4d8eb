import { fontSize } from '#charts'
import { fontFamily, type Paint } from './paint.ts'

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
