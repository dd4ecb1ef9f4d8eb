/**
 * An expression of Terraform: a text in base64, as launch templates want it. Terraform's own meaning of `${` and `%{` in
 * the text is switched off.
 * @param references what stands in the text for values known only after an apply, and their addresses:
 * `{'@redis@': 'aws_instance.redis.private_ip'}`
 */
export function base64Of(text: string, references: Readonly<Record<string, string>> = {}): string {
  return `\${base64encode(${literalOf(text, references)})}`
}

/** The same as text. */
export function textOf(text: string, references: Readonly<Record<string, string>> = {}): string {
  return `\${format("%s", ${literalOf(text, references)})}`
}

/** A string literal: its escapes are those of JSON. */
function literalOf(text: string, references: Readonly<Record<string, string>>): string {
  const literal = JSON.stringify(text)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', '%%{')
  return Object.entries(references).reduce(
    (filled, [mark, address]) => filled.replaceAll(mark, () => `\${${address}}`),
    literal,
  )
}
