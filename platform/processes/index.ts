export { commandLine, identify, isAlive } from './process-identity.ts'
export type { ProcessIdentity } from './process-identity.ts'
