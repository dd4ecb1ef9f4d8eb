import type { Socket } from 'node:net'
import type { ConnectionError } from 'fastify'
import { BullpenError, errorTable } from '#core/errors'
import { limits } from './limits.ts'

/** Answers what never became a request: broken HTTP, headers that are too large, bytes that did not come in time. */
export function answerClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { code, message, advice } = refusalOf(error.code)
  const status = errorTable[code].http
  const problem = { type: `urn:bullpen:${code}`, title: message, status, detail: message, instance: '', code, advice }
  const body = JSON.stringify({ ...problem, requestId: '' })
  const head = [
    `HTTP/1.1 ${status} ${code}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function refusalOf(code: string): BullpenError {
  if (code === 'HPE_HEADER_OVERFLOW') return new BullpenError('HEADERS_TOO_LARGE')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new BullpenError('REQUEST_TIMEOUT', { seconds: limits.requestMs / 1000 })
  return new BullpenError('REQUEST_INVALID', { reason: 'this is not HTTP/1.1' })
}
