import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { BullpenError } from '#core/errors'
import { NativeLibrary } from './library.ts'

/** Where to look besides the system loader. All optional; the values come from the configuration. */
export interface LibrarySearch {
  /** XGBOOST_LIBRARY: this file and no other; one that cannot be used is an error, not a reason to look further. */
  readonly explicitPath?: string | undefined
  /** CONDA_PREFIX: a conda environment. */
  readonly condaPrefix?: string | undefined
  /** VIRTUAL_ENV: a Python virtual environment, whose xgboost wheel carries the library. */
  readonly virtualEnv?: string | undefined
  /** False leaves out the system loader and the usual Python folders. Default true. */
  readonly system?: boolean | undefined
}

/** What was found, or one line per place that held a file which cannot serve. */
export interface LibrarySearchResult {
  readonly library?: NativeLibrary
  readonly refused: readonly string[]
}

/**
 * Finds libxgboost 1.7 or newer: the explicit path, the system loader, a conda prefix, then the copy inside Python's
 * xgboost wheel (looked for in the usual site-packages folders; Python is not run).
 * Throws ENGINE_UNAVAILABLE when `explicitPath` cannot be used.
 */
export function findLibrary(search: LibrarySearch = {}): LibrarySearchResult {
  if (search.explicitPath !== undefined) return { library: loadExplicit(search.explicitPath), refused: [] }
  const refused: string[] = []
  for (const candidate of candidates(search)) {
    try {
      return { library: NativeLibrary.load(candidate), refused }
    } catch (error) {
      // A name that the system loader does not know is the ordinary "not installed", no news to anyone.
      if (candidate.includes('/')) refused.push(`${candidate}: ${reasonOf(error)}`)
    }
  }
  return { refused }
}

function loadExplicit(path: string): NativeLibrary {
  try {
    return NativeLibrary.load(path)
  } catch (cause) {
    throw new BullpenError(
      'ENGINE_UNAVAILABLE',
      { name: 'native', reason: `XGBOOST_LIBRARY is ${path}: ${reasonOf(cause)}` },
      { cause },
    )
  }
}

function candidates(search: LibrarySearch): string[] {
  const system = search.system ?? true
  const names = system ? ['libxgboost.so.0', 'libxgboost.so', 'libxgboost.dylib'] : []
  const prefixes = [search.condaPrefix, search.virtualEnv].filter((prefix) => prefix !== undefined && prefix !== '')
  const files = prefixes.flatMap((prefix) => libraryNames.map((name) => join(prefix!, 'lib', name)))
  const pythonRoots = [...prefixes.map((prefix) => prefix!), ...(system ? usualPythonRoots() : [])]
  const wheels = pythonRoots.flatMap((root) =>
    sitePackages(root).flatMap((folder) => libraryNames.map((name) => join(folder, 'xgboost', 'lib', name))),
  )
  return [...names, ...[...files, ...wheels].filter((file) => existsSync(file))]
}

const libraryNames = ['libxgboost.so', 'libxgboost.dylib']

function usualPythonRoots(): string[] {
  return [join(homedir(), '.local'), '/usr/local', '/usr', '/opt/homebrew']
}

/** `<root>/lib/python3*` and its `site-packages` and Debian's `dist-packages`, newest Python first. */
function sitePackages(root: string): string[] {
  const lib = join(root, 'lib')
  const version = (name: string) => Number(name.replace(/^python3\.?/, ''))
  const pythons = list(lib).filter((name) => /^python3(\.\d+)?$/.test(name))
  pythons.sort((a, b) => version(b) - version(a))
  return pythons.flatMap((name) => [join(lib, name, 'site-packages'), join(lib, name, 'dist-packages')])
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // A folder that is absent or closed to us holds no library for us.
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}
