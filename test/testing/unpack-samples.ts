import { openCandleSource } from '#platform/market-data'
import { samplesHome } from './samples.ts'

/** The samples that whole-system tests train on. */
const wanted = ['btcusdt-4h', 'ethusdt-4h', 'ethusdt-1h']

/** What jest does before the first suite: a second run finds them unpacked. */
async function unpackSamples(): Promise<void> {
  for (const sample of wanted) await openCandleSource(`sample:${sample}`, { home: samplesHome })
}

// Jest calls the default export.
// eslint-disable-next-line no-restricted-syntax
export default unpackSamples
