export { BullpenError, asBullpenError, fromErrorData, toErrorData } from './bullpen-error.ts'
export type { ErrorData, ErrorDetails } from './bullpen-error.ts'
export { errorTable } from './table.ts'
export type { ErrorCode } from './table.ts'
