export { engineChoices, openBooster, resolveEngine } from './engine.ts'
export type { ResolvedEngine } from './engine.ts'
export { findLibrary } from './native/find-library.ts'
export type { LibrarySearch, LibrarySearchResult } from './native/find-library.ts'
