import { InvalidArgumentError } from 'commander'

/** `take-profit=2` as one more parameter; names may be written with hyphens. A commander parser for a repeated option. */
export function labelParameter(
  text: string,
  before: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const [, name, number] = /^([a-zA-Z][a-zA-Z-]*)=(\S+)$/.exec(text) ?? []
  const value = Number(number)
  if (name === undefined || !Number.isFinite(value)) {
    throw new InvalidArgumentError('give NAME=NUMBER, e.g. take-profit=2.')
  }
  return { ...before, [name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]: value }
}
