export { openDisplay } from './display.ts'
export { plainLine } from './plain-lines.ts'
export type { Display, DisplayOptions } from './display-options.ts'
