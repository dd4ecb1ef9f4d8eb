import { expect, test } from '@jest/globals'
import { BullpenError, asBullpenError, errorTable, fromErrorData, toErrorData, type ErrorCode } from '../index.ts'

const codes = Object.keys(errorTable) as ErrorCode[]

test('an error survives the trip through a thread or a queue as data', () => {
  const error = new BullpenError('TASK_TIMEOUT', { task: 'fold-3', seconds: 60 })
  const back = fromErrorData(structuredClone(toErrorData(error)))
  expect(back).toMatchObject({ code: 'TASK_TIMEOUT', message: error.message, retryable: true })
  expect(back.message).toBe('task fold-3 ran longer than 60 s')
})

test('anything thrown that is not ours becomes INTERNAL and keeps its cause', () => {
  const cause = new TypeError('boom')
  expect(asBullpenError(cause)).toMatchObject({ code: 'INTERNAL', cause, message: 'unexpected failure: boom' })
  expect(asBullpenError('text').message).toBe('unexpected failure: text')
})

test('every code says what happened and what to do, in one line each', () => {
  for (const code of codes) {
    const { message, advice, http, exit } = errorTable[code]
    expect(code).toMatch(/^[A-Z][A-Z_]+$/)
    expect(`${message}${advice}`).not.toContain('\n')
    expect(advice).toMatch(/\.$/)
    expect(message).not.toMatch(/\.$/)
    expect([400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 431, 500, 502, 503, 504, 507]).toContain(http)
    expect([1, 2, 130]).toContain(exit)
  }
})
