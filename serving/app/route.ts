import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Problem } from '../api/schemas.ts'
import { refTo } from '../api/shape-pieces.ts'

/** A Fastify application whose requests are typed by their schemas. */
export type ServiceApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** What a route answers: a shape of its own, and problem documents for everything else. */
export function answers<T extends TSchema>(shape: T) {
  return { 200: Type.Unsafe<Static<T>>({ ...refTo(shape), description: shape.description ?? 'Done.' }), ...problems }
}

/** Something other than JSON. */
export function answersText(type: string, description: string) {
  return { 200: { description, content: { [type]: { schema: { type: 'string' } } } }, ...problems }
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: refTo(Problem) } },
})

const problems = { '4xx': problem('The request was refused.'), '5xx': problem('The service cannot answer now.') }
