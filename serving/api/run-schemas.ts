import { Type } from '@sinclair/typebox'
import { orNull, time, refTo } from './shape-pieces.ts'

const json = Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true })
const runFields = {
  id: Type.String(),
  state: Type.Union(
    (['created', 'features', 'selection', 'search', 'fit', 'register', 'done', 'failed', 'interrupted'] as const).map(
      (state) => Type.Literal(state),
    ),
  ),
  createdAt: time('When it began.'),
  updatedAt: time('When it last moved.'),
  error: orNull(Type.Object({ code: Type.String(), message: Type.String() })),
}
export const Run = Type.Object(runFields, { $id: 'Run' })
export const RunList = Type.Object(
  { items: Type.Array(refTo(Run), { description: 'Newest first.' }) },
  { $id: 'RunList' },
)
export const Trial = Type.Object(
  {
    number: Type.Integer(),
    state: Type.Union([Type.Literal('complete'), Type.Literal('pruned'), Type.Literal('failed')]),
    parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
    score: orNull(Type.Number()),
    naive: orNull(Type.Number({ description: 'Score reachable with no skill, on the same rows.' })),
    durationMs: Type.Number(),
  },
  { $id: 'Trial' },
)
export const RunDetail = Type.Object(
  { ...runFields, spec: json, summary: orNull(json), trials: Type.Array(refTo(Trial)) },
  { $id: 'RunDetail' },
)

export const Host = Type.Object(
  {
    host: Type.String(),
    cores: Type.Integer(),
    threads: Type.Integer(),
    busy: Type.Integer({ description: 'Threads at work.' }),
    agents: Type.Array(
      Type.Object({
        id: Type.String(),
        route: Type.String(),
        state: Type.Union([
          Type.Literal('running'),
          Type.Literal('draining'),
          Type.Literal('left'),
          Type.Literal('lost'),
        ]),
        engine: Type.String(),
        threads: Type.Integer(),
        busy: Type.Integer(),
        done: Type.Integer(),
        failed: Type.Integer(),
        joinedAt: time('When it joined.'),
        heartbeatAt: time('When it was last heard.'),
      }),
    ),
  },
  { $id: 'Host' },
)
export const Cluster = Type.Object(
  { hosts: Type.Array(refTo(Host)), threads: Type.Integer(), busy: Type.Integer() },
  { $id: 'Cluster', description: 'Training hosts heard within the last hour; empty when there are none.' },
)
