/** What stands in the place of a secret. */
export const redacted = '[redacted]'

/** Names of fields whose value is a secret, whatever it is. */
const secretName = /pass(word|wd|phrase)?$|secret|token$|authorization|cookie|credential|api-?key|access-?key/i

/** Deeper than this nothing is shown: what is logged is small, and a cycle must end. */
const maxDepth = 6

/** `user:password@` of any URL, also inside a sentence. */
const urlCredentials = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*:[^\s@'"]*@/gi

/** `token=…`, `password=…` and the like in query strings and connection strings; `Bearer …` in headers. */
const assignedSecret = /\b((?:[\w-]*(?:password|passwd|secret|token|api_?key))=)[^\s&'"]+|\b(bearer )[\w.~+/=-]+/gi

/** A text without the credentials of the URLs in it, nor secrets written as `name=value`. */
export function redactText(text: string): string {
  return text
    .replace(urlCredentials, `$1${redacted}@`)
    .replace(assignedSecret, (_, assigned?: string, bearer?: string) => `${assigned ?? bearer ?? ''}${redacted}`)
}

/** A copy of a value to be logged, without secrets: by the names of fields, and inside texts. Errors become data. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= maxDepth) return '[deeper]'
  if (value instanceof Error) return redact(errorFields(value), depth + 1)
  if (value instanceof Date) return value.toISOString()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, secretName.test(name) ? redacted : redact(item, depth + 1)]),
  )
}

function errorFields(error: Error): Record<string, unknown> {
  const { code, details } = error as { code?: unknown; details?: unknown }
  return {
    ...(code === undefined ? { type: error.name } : { code }),
    message: error.message,
    ...(details === undefined ? {} : { details }),
    ...(code === undefined ? { stack: error.stack } : {}),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  }
}
