// Examples without the suites, for programs that run outside the test runner, such as benchmarks.
export { exampleManifest } from '../example-manifest.ts'
