/** A JSON line of the logger as a person reads it: `12:34:56.789 warn  message name=value`. */
export function prettyLine(json: string): string {
  const { time, level, message, ...fields } = JSON.parse(json) as Record<string, unknown>
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`)
  return `${[String(time).slice(11, 23), String(level).padEnd(5), String(message), ...parts].join(' ')}\n`
}

function shown(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
}
