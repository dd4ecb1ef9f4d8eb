/** What JSON can carry unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Deeper values are refused rather than recursed into. */
const maxDepth = 200

/**
 * Why `value` would not come out of JSON as it went in, and where; undefined when it would. Properties that are
 * undefined are left out by JSON and allowed; NaN, infinities, bigints, functions, dates, maps, typed arrays, other
 * class instances and cycles are not.
 */
export function jsonProblem(value: unknown, path = '', depth = 0): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  const where = path === '' ? 'it' : path
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${where} is ${value}`
  if (typeof value !== 'object') return `${where} is of type ${typeof value}`
  if (depth > maxDepth) return `${where} is nested deeper than ${maxDepth}`
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const problem = jsonProblem(value[i], `${path}/${i}`, depth + 1)
      if (problem !== undefined) return problem
    }
    return undefined
  }
  if (!isPlain(value)) return `${where} is a ${value.constructor?.name ?? 'class instance'}`
  for (const [key, member] of Object.entries(value)) {
    const problem = member === undefined ? undefined : jsonProblem(member, `${path}/${key}`, depth + 1)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Of any realm: its prototype is the root of prototypes, or it has none. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
