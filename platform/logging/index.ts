export { openLogger, silentLogger } from './open-logger.ts'
export type { LogFields, Logger, LoggerOptions } from './open-logger.ts'
export { redactText } from './redact.ts'
