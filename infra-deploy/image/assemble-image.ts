import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { imageTargets, type ImageName } from './image-targets.ts'
import { packageClosure, type PlacedPackage } from './package-closure.ts'
import { reachedFrom, type Reached } from './reached.ts'

/** What a file tree came to hold. */
export interface AssembledImage {
  /** Compiled files of ours, from the root of the tree. */
  readonly files: readonly string[]
  readonly packages: readonly PlacedPackage[]
  readonly bytes: { readonly ours: number; readonly packages: number }
}

/** Folders of packages that nothing here opens. */
const unopened = new Set(['node_modules/ccxt/dist'])
/** For compilers, debuggers and readers of the package, not for Node.js. */
const notRun = /\.(d\.[cm]?ts|map|tsbuildinfo)$|^\.jsii$/

/**
 * Puts the files of an image below `into`, an empty or absent folder: what its programs reach (see `reachedFrom`), the
 * npm packages these need, and a package.json that names those alone. The Dockerfile and the tests call it, so what is
 * tested is what ships.
 *
 * @param root the repository, installed and built
 * @throws Error when `into` holds something, or something needed is missing.
 */
export function assembleImage(root: string, name: ImageName, into: string): AssembledImage {
  if (existsSync(into) && readdirSync(into).length > 0) throw new Error(`${into} is not empty`)
  const { entries, assets, leftOut, added } = imageTargets[name]
  const skipped = new Set(Object.keys(leftOut))
  const reached = reachedFrom(root, entries, skipped)
  const packages = packageClosure(root, reached.packages, skipped)
  mkdirSync(into, { recursive: true })
  for (const path of [...reached.files, ...assets]) copy(join(root, path), join(into, path))
  for (const [path, from] of Object.entries(added)) copy(join(root, from), join(into, path))
  writeFileSync(join(into, 'package.json'), `${JSON.stringify(packageOf(root, reached), undefined, 2)}\n`)
  const ours = bytesOf(into)
  for (const { folder } of packages) copy(join(root, folder), join(into, folder), isRun(root))
  return { files: reached.files, packages, bytes: { ours, packages: bytesOf(into) - ours } }
}

function copy(from: string, to: string, filter: (path: string) => boolean = () => true): void {
  cpSync(from, to, { recursive: true, dereference: true, filter })
}

/** Whether a path inside a package belongs into an image. Packages nested in it are copied on their own, if needed. */
function isRun(root: string): (path: string) => boolean {
  const skipped = new Set([...unopened].map((path) => join(root, path)))
  return (path) => !skipped.has(path) && !/\/node_modules\/.*\/node_modules$/.test(path) && !notRun.test(basename(path))
}

/** package.json of the tree: what Node.js and `packageVersion` read of it, and which packages are there. */
function packageOf(root: string, { packages }: Reached): object {
  const { name, version, description, license, type, engines, imports, dependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, unknown> & { imports: Record<string, { default: string }>; dependencies: Record<string, string> }
  return {
    ...{ name, version, description, license, private: true, type, engines },
    imports: Object.fromEntries(Object.entries(imports).map(([from, to]) => [from, to.default])),
    dependencies: Object.fromEntries(packages.map((needed) => [needed, dependencies[needed]])),
  }
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
