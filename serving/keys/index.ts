export { createKey } from './create-key.ts'
export type { NewKey } from './create-key.ts'
export { KeyDesk } from './key-desk.ts'
export type { KeyHolder } from './key-desk.ts'
