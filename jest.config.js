/** Tests run on the compiled output, so a worker file under test is the file that ships. */
export default {
  roots: ['<rootDir>/dist'],
  testEnvironment: 'node',
  transform: {},
  testMatch: ['**/__tests__/**/*.test.js', '**/dist/test/**/*.test.js'],
  globalSetup: './dist/test/testing/unpack-samples.js',
  testSequencer: './scripts/slowest-first.mjs',
  maxWorkers: 2,
  testTimeout: 60_000,
}
