import { candleCodes } from './codes/candles.ts'
import { commandCodes } from './codes/command.ts'
import { dataCodes } from './codes/data.ts'
import { httpCodes } from './codes/http.ts'
import { modelCodes } from './codes/model.ts'
import { poolCodes } from './codes/pool.ts'
import { registryCodes } from './codes/registry.ts'
import { rentalCodes } from './codes/rental.ts'
import { scheduleCodes } from './codes/schedule.ts'
import { seriesCodes } from './codes/series.ts'
import { serviceCodes } from './codes/service.ts'

/**
 * The one table of error codes. docs/errors.md is generated from it, and a test fails when the two differ.
 * Codes are split by the room that raises them only so that each file stays readable.
 */
export const errorTable = {
  ...commandCodes,
  ...candleCodes,
  ...dataCodes,
  ...modelCodes,
  ...poolCodes,
  ...registryCodes,
  ...rentalCodes,
  ...scheduleCodes,
  ...seriesCodes,
  ...serviceCodes,
  ...httpCodes,
} as const

/** Every code bullpen can answer with. */
export type ErrorCode = keyof typeof errorTable
