export { readSecret, secretFile } from './secret-file.ts'
export type { Secret } from './secret-file.ts'
export { diskError, pathError, writeAtomically } from './write-atomically.ts'
export type { FileContent } from './write-atomically.ts'
