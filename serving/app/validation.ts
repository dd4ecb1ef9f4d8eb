import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from '@sinclair/typebox'
import { TypeCompiler, type ValueErrorIterator } from '@sinclair/typebox/compiler'
import { Value } from '@sinclair/typebox/value'
import { BullpenError } from '#core/errors'

/**
 * Checks requests against their schema. Bodies are taken as they are; queries, paths and headers are texts, so what
 * does not fit is converted first and checked again. Throws REQUEST_INVALID that names the place.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const check = TypeCompiler.Compile(schema)
  return (value: unknown) => {
    if (check.Check(value)) return { value }
    if (httpPart !== 'body') {
      const converted = Value.Convert(schema, Value.Clone(value))
      if (check.Check(converted)) return { value: converted }
    }
    return { error: new BullpenError('REQUEST_INVALID', { reason: reasonOf(check.Errors(value), httpPart) }) }
  }
}

/** The first problem: where, and what is expected there. Never the value: it may be huge or secret. */
function reasonOf(errors: ValueErrorIterator, part: string): string {
  const error = errors.First()
  if (error === undefined) return `${part} does not fit its schema`
  const place = `${part}${error.path.replaceAll('/', '.')}`.slice(0, 120)
  return `${place}: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`
}
