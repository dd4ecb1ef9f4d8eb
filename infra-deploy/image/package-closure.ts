import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const nested = 'node_modules/'

interface LockedPackage {
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** One package where npm has put it. */
export interface PlacedPackage {
  /** From the root, e.g. `node_modules/pg`. */
  readonly folder: string
  readonly name: string
  readonly version: string
}

/**
 * Folders of some packages and of everything they need, as npm's lock file places them, e.g. `node_modules/pg` or
 * `node_modules/a/node_modules/b`; sorted. Optional packages count when they are installed; optional peers and what `leftOut` names
 * do not count.
 *
 * @throws Error when a package that is needed is not installed.
 */
export function packageClosure(
  root: string,
  names: readonly string[],
  leftOut: ReadonlySet<string>,
): readonly PlacedPackage[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  const folders = new Set<string>()
  const waiting = names.map((name) => placeOf(name, '', true)!)
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (folders.has(folder)) continue
    folders.add(folder)
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = packages[folder]!
    const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true)
    for (const name of [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers]) {
      if (leftOut.has(name)) continue
      const place = placeOf(name, folder, !(name in optionalDependencies))
      if (place !== undefined) waiting.push(place)
    }
  }
  return [...folders].sort().map((folder) => {
    return {
      folder,
      name: folder.slice(folder.lastIndexOf(nested) + nested.length),
      version: packages[folder]!.version,
    }
  })

  /** Looks upwards from `from`, as Node.js does. */
  function placeOf(name: string, from: string, isNeeded: boolean): string | undefined {
    const parents = from === '' ? [] : from.split('/node_modules/')
    for (let depth = parents.length; depth >= 0; depth--) {
      const place = join(parents.slice(0, depth).join('/node_modules/'), 'node_modules', name)
      if (place in packages && existsSync(join(root, place))) return place
    }
    if (isNeeded) throw new Error(`${name}, needed by ${from || 'bullpen'}, is not installed: npm ci`)
    return undefined
  }
}
