import { parse, type ParsedUrlQuery } from 'node:querystring'

/** Queries remembered, and the longest that is. */
const limits = { queries: 256, characters: 200 } as const

/**
 * A parser of queries that remembers: bots ask the same thing again and again, and reading the query anew costs as much
 * as answering it. What it answers is frozen, since requests share it.
 */
export function knownQueries(): (text: string) => Readonly<ParsedUrlQuery> {
  const known = new Map<string, Readonly<ParsedUrlQuery>>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const query = Object.freeze(parse(text))
    if (text.length > limits.characters) return query
    // Oldest out first: a Map keeps the order of insertion.
    if (known.size >= limits.queries) known.delete(known.keys().next().value!)
    known.set(text, query)
    return query
  }
}
