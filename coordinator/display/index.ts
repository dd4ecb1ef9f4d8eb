export { openDisplay } from './display.ts'
export type { Display, DisplayOptions } from './display-options.ts'
export { openLiveLines } from './live-lines.ts'
export type { LiveLines } from './live-lines.ts'
