/** Run ids and keys of task ids, `${runId}/${key}`, each once; what has no slash is no task's id and left out. */
export function splitIds(ids: readonly string[]): [runIds: string[], keys: string[]] {
  const known = [...new Set(ids)].filter((id) => id.includes('/'))
  return [known.map((id) => id.slice(0, id.indexOf('/'))), known.map((id) => id.slice(id.indexOf('/') + 1))]
}

/** Those of `tokens` that have the form of one, each once: PostgreSQL refuses others before comparing them. */
export function tokensOf(tokens: readonly string[]): string[] {
  return [...new Set(tokens)].filter((token) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(token))
}
