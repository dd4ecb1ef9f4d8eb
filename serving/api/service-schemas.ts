import { Type } from '@sinclair/typebox'
import { text, verdictWord } from './shape-pieces.ts'

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: text('`urn:bullpen:CODE`.'),
    title: text('What happened, in one line.'),
    status: Type.Integer(),
    detail: text('What happened, with its particulars.'),
    instance: text('Path that was asked for.'),
    code: text('One of docs/errors.md.'),
    advice: text('What to do about it.'),
    requestId: text('As in the header x-request-id.'),
  },
  { $id: 'Problem', description: 'An error as RFC 9457 has it.' },
)

export const Prediction = Type.Object({ verdict: verdictWord() }, { $id: 'Prediction' })
export const Health = Type.Object({ status: Type.Literal('ok') }, { $id: 'Health' })
export const Readiness = Type.Object(
  { status: Type.Literal('ready'), models: Type.Array(Type.Integer()), dataAgeMs: Type.Number() },
  { $id: 'Readiness' },
)
