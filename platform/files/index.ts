export { diskError, pathError, writeAtomically } from './write-atomically.ts'
export type { FileContent } from './write-atomically.ts'
