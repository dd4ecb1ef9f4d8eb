const voidTags = new Set(['meta', 'br', 'hr', 'img', 'input', 'link'])

/**
 * What is wrong with a page's markup: tags that do not close in order, attributes without quotes or given twice, an id
 * used twice, a stray `<` or `&`. Empty when nothing is. The text of `<style>` is not looked at.
 */
export function markupFaults(page: string): string[] {
  const faults: string[] = []
  const open: string[] = []
  const ids = new Set<string>()
  const body = page.replace(/^<!doctype html>/, '').replace(/(<style>)[^]*?(<\/style>)/g, '$1$2')
  const tag = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>/y
  let at = 0
  while (at < body.length) {
    const next = body.indexOf('<', at)
    const text = body.slice(at, next === -1 ? undefined : next)
    if (/[>]/.test(text) || /&(?!#\d+;|#x[\da-f]+;|\w+;)/i.test(text))
      faults.push(`stray character in text: ${text.slice(0, 60)}`)
    if (next === -1) break
    tag.lastIndex = next
    const match = tag.exec(body)
    if (match === null) return [...faults, `not a tag: ${body.slice(next, next + 80)}`]
    const [whole, closing, name = '', attributes = '', selfClosing] = match
    faults.push(...attributeFaults(name, attributes, ids))
    if (closing === '/') {
      const expected = open.pop()
      if (expected !== name) faults.push(`</${name}> closes <${expected ?? 'nothing'}>`)
    } else if (selfClosing !== '/' && !voidTags.has(name)) open.push(name)
    at = next + whole.length
  }
  return [...faults, ...open.map((name) => `<${name}> is never closed`)]
}

function attributeFaults(tag: string, attributes: string, ids: Set<string>): string[] {
  const faults: string[] = []
  const seen = new Set<string>()
  for (const [, name = '', value = ''] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (seen.has(name)) faults.push(`<${tag}> has ${name} twice`)
    seen.add(name)
    if (name === 'id' && ids.has(value)) faults.push(`id ${value} is used twice`)
    if (name === 'id') ids.add(value)
  }
  return faults
}
