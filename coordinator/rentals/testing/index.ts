export { MemoryBooks } from './memory-books.ts'
export { MemorySite } from './memory-site.ts'
export { MemoryTarget } from './memory-target.ts'
