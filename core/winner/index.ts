export { betterOnHeldOut } from './better-on-held-out.ts'
export type { Comparison } from './better-on-held-out.ts'
