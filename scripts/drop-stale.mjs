// Removes from dist/ what has no source any more, so that the next build need compile only what changed, and no test
// runs that is gone. What tests unpacked and the page, which its own build empties, stay.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const kept = /^(\.tsbuildinfo$|serving\/static\/|test-samples\/|test-undisturbed\/)/

/** @param {string} file path under dist/ */
function hasSource(file) {
  const stem = file.replace(/(\.d\.c?ts|\.c?js(\.map)?)$/, '')
  const sources = stem === file ? [file] : [`${stem}.ts`, `${stem}.tsx`, `${stem}.cts`]
  return sources.some((source) => existsSync(join(root, source)))
}

const dist = join(root, 'dist')
if (existsSync(dist)) {
  for (const file of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    const name = path.slice(dist.length + 1)
    if (!kept.test(name) && !hasSource(name)) rmSync(path)
  }
}
