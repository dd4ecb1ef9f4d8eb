export { logLevels, readConfig } from './config.ts'
export type { Config, LogLevel } from './config.ts'
