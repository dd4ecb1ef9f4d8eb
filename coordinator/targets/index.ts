export type { Infra } from './infra.ts'
export { LocalTarget } from './local-target.ts'
export type { LocalTargetOptions } from './local-target.ts'
