export { Random } from './random.ts'
export { normalCdf, normalMass, normalQuantile } from './normal-distribution.ts'
