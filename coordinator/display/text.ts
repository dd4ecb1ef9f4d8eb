/** One line without control characters: a file name must not be able to drive somebody's terminal. */
export function plainText(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

/** Scores to four decimals: folds of a few hundred rows say nothing finer. */
export function score(value: number): string {
  return value.toFixed(4)
}

/** At most `width` characters, the last an ellipsis when some were left out. */
export function clip(line: string, width: number): string {
  const characters = Array.from(line)
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join('')}…`
}
