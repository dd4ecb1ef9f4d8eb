import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

/** What a program can come to load. */
export interface Reached {
  /** Compiled files of ours, from the root, sorted. */
  readonly files: readonly string[]
  /** Names of npm packages they import, sorted. */
  readonly packages: readonly string[]
}

/**
 * Follows every import of compiled programs: static, dynamic, `new URL('./x.js', import.meta.url)` (threads and child
 * processes) and `createRequire(...).resolve('x')`. Imports in `leftOut` are not followed.
 *
 * @param root folder of package.json, whose `imports` map is used
 * @throws Error when an import leads nowhere.
 */
export function reachedFrom(root: string, entries: readonly string[], leftOut: ReadonlySet<string>): Reached {
  const ways = importsMap(root)
  const files = new Set<string>()
  const packages = new Set<string>()
  const waiting = entries.map((entry) => resolve(root, entry))
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue
    if (!existsSync(file)) throw new Error(`${relative(root, file)} is imported and not there: npm run build`)
    files.add(file)
    for (const name of importsOf(file)) {
      if (name.startsWith('node:') || leftOut.has(name)) continue
      if (name.startsWith('.')) waiting.push(resolve(dirname(file), name))
      else if (name.startsWith('#')) waiting.push(join(root, ways(name)))
      else if (!leftOut.has(packageOf(name))) packages.add(packageOf(name))
    }
  }
  return { files: [...files].map((file) => relative(root, file)).sort(), packages: [...packages].sort() }
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  if (!file.endsWith('.js')) return []
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  const urls = matches(text, /new URL\('(\.[^']+\.c?js)', import\.meta\.url\)/g)
  const required = text.includes('createRequire(') ? matches(text, /\.resolve\('([^'./][^']*)'\)/g) : []
  return [...imported, ...urls, ...required]
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found]) => found!)
}

/** `@scope/name` or `name` of an import such as `pg/lib/x.js`. */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The `imports` of package.json as a function from `#core/candles` to the compiled file. */
function importsMap(root: string): (name: string) => string {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    imports: Record<string, { default: string }>
  }
  const ways = Object.entries(imports).map(([from, { default: to }]) => {
    const [before = '', after] = from.split('*')
    return { before, after, to }
  })
  return (name) => {
    for (const { before, after, to } of ways) {
      if (after === undefined ? name !== before : !(name.startsWith(before) && name.endsWith(after))) continue
      return to.replace('*', name.slice(before.length, after ? -after.length : undefined))
    }
    throw new Error(`${name} is not in the imports of package.json`)
  }
}
