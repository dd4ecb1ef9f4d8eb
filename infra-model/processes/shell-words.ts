/** One text that a shell splits into these words again, whatever is in them. */
export function shellWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ')
}

/** A text that terraform leaves as it is: in its own language `${` and `%{` begin an expression. */
export function terraformText(text: string): string {
  return text.replaceAll('${', () => '$${').replaceAll('%{', '%%{')
}
