import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
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

/** What a route answers: a shape of its own, and problem documents for everything else, which no handler returns. */
export function answers<T extends TSchema>(shape: T) {
  const done = Type.Unsafe<Static<T>>({ ...refTo(shape), description: shape.description ?? 'Done.' })
  return { 200: done, ...problems } as { readonly 200: typeof done }
}

/** Something other than JSON. */
export function answersText(type: string, description: string): object {
  return { 200: { description, content: { [type]: { schema: { type: 'string' } } } }, ...problems }
}

/** Sends a text as it is, past the types of the schema: one that is made already, or one that is not JSON. */
export function sendText(reply: unknown, type: string, text: string): void {
  const plain = reply as FastifyReply
  void plain.header('content-type', type).send(text)
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: refTo(Problem) } },
})

const problems = { '4xx': problem('The request was refused.'), '5xx': problem('The service cannot answer now.') }
