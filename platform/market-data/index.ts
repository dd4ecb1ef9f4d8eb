export { openCandleSource } from './open-candle-source.ts'
export type { CandleSourceOptions } from './open-candle-source.ts'
export { candleSourceHelp, parseCandleSource } from './source-grammar.ts'
export type { CandleSource, FileFormat, SampleSymbol } from './source-grammar.ts'
