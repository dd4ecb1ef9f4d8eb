export { openDisplay } from './display.ts'
export type { Display, DisplayOptions } from './display-options.ts'
