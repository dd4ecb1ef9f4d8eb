/** Collects the values of a command-line option that may be repeated, in order. */
export function eachTime(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}
