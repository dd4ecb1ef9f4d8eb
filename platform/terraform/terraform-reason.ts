import { redactText } from '#platform/logging'

/** Longest reason, characters: what people read of a failure in one line. */
const longest = 600

/**
 * What a failed terraform said, in one line and without secrets: its last error, and, when that is a provisioner on
 * another host, whose output the error does not hold, the last lines that it printed.
 */
export function reasonOf(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^[│╷╵]\s?/u, '').trim())
  const errorAt = lines.findLastIndex((line) => line.startsWith('Error: '))
  if (errorAt < 0) return shorten(lines.filter(isTelling).slice(-3))
  const error = lines.slice(errorAt).filter(isTelling)
  const isRemote = error[0]!.includes('remote-exec')
  const printed = isRemote ? lines.slice(0, errorAt).filter((line) => line.includes('(remote-exec):')) : []
  const told = printed.slice(-3).map((line) => line.replace(/^.*\(remote-exec\):\s*/, ''))
  return shorten([...error, ...told])
}

/** The id of a lock that someone else holds, from the output of a command that was refused for it. */
export function lockIdOf(output: string): string | null {
  if (!output.includes('Error acquiring the state lock')) return null
  return /^[│\s]*ID:\s+(\S+)/mu.exec(output)?.[1] ?? null
}

function isTelling(line: string): boolean {
  return line !== '' && !/^with .*, on .*:$|^with .*,$|^on .*line \d+|^Running .* command|^\d+: /.test(line)
}

function shorten(lines: readonly string[]): string {
  const text = redactText(lines.join(' ').replaceAll(/\s+/g, ' '))
  // The end of an error is the output of what failed.
  return text.length <= longest ? text : `${text.slice(0, longest / 4)} ... ${text.slice(-(3 * longest) / 4)}`
}
