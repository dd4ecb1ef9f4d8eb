import type { IncomingMessage } from 'node:http'
import { randomBytes } from 'node:crypto'

const saneId = /^[A-Za-z0-9._~-]{8,64}$/

/**
 * Names requests: by the caller's own `x-request-id` when it is sane, otherwise by a random prefix of this process and
 * a count, which costs a tenth of a random id for each.
 */
export function requestIds(): (request: Pick<IncomingMessage, 'headers'>) => string {
  const prefix = randomBytes(6).toString('hex')
  let count = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    if (typeof given === 'string' && saneId.test(given)) return given
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}
