export { canonicalJson, sha256, sha256Json } from './hashing.ts'
