export { exampleInputs } from './example-inputs.ts'
export { cloudConfigOf, synthesized } from './synthesized.ts'
export type { CloudConfig, Synthesized } from './synthesized.ts'
