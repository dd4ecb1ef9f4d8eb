export { describeCandleStore } from './candle-store-suite.ts'
