export { describeModelRegistry } from './model-registry-suite.ts'
export { describeObjectStore } from './object-store-suite.ts'
export { describeRunStore } from './run-store-suite.ts'
export { exampleManifest } from './example-manifest.ts'
