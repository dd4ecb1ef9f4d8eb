export { engineChoices, openBooster, resolveEngine } from './engine.ts'
export type { ResolvedEngine } from './engine.ts'
export type { LibrarySearch } from './native/find-library.ts'
