import { Type, type Static, type TSchema } from '@sinclair/typebox'

// Pieces that shapes are made of.

export const text = (description: string) => Type.String({ description })
export const number = (description: string) => Type.Number({ description })
export const count = (description: string) => Type.Integer({ minimum: 0, description })
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const time = (description: string) => Type.String({ description, examples: ['2026-01-31T04:00:00.000Z'] })
export const symbol = () => Type.String({ examples: ['BTC/USDT'] })
export const timeframe = () => Type.String({ description: 'Width of a bar.', examples: ['4h'] })
export const sha256 = (of: string) => text(`SHA-256 of ${of}, 64 hex digits.`)
export const verdictWord = () => Type.Union([Type.Literal('sell'), Type.Literal('hold'), Type.Literal('buy')])
export const perClass = (description: string) =>
  Type.Object({ sell: Type.Number(), hold: Type.Number(), buy: Type.Number() }, { description })

/** A reference to a shape by its `$id`, typed as the shape itself. */
export function refTo<T extends TSchema>(schema: T) {
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id!}#` })
}

/** A page of items, newest first. */
export function pageOf<T extends TSchema>(item: T, $id: string) {
  const nextCursor = orNull(text('Ask for the next page with it; null at the end.'))
  return Type.Object({ items: Type.Array(refTo(item)), nextCursor }, { $id })
}
