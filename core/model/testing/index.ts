export { exampleModelColumns, exampleModelJson } from './example-model-json.ts'
