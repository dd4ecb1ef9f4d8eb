import { execFileSync } from 'node:child_process'
import type { PlacedPackage } from './package-closure.ts'

interface CycloneDx {
  readonly metadata: { readonly component: Readonly<Record<string, unknown>> }
  readonly components: readonly { readonly 'bom-ref': string; readonly name: string; readonly version: string }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
}

/**
 * Software bill of materials of the npm packages inside an image, CycloneDX 1.5: what `npm sbom` says of the lock file,
 * of which the packages that were copied are kept. The packages of the base image's Debian are not in it.
 *
 * @throws Error when `npm sbom` fails or does not know a package that was copied.
 */
export function imageSbom(root: string, image: string, packages: readonly PlacedPackage[]): object {
  const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const whole = JSON.parse(text) as CycloneDx
  const copied = new Set(packages.map(({ name, version }) => `${name}@${version}`))
  const components = whole.components.filter(({ name, version }) => copied.has(`${name}@${version}`))
  const named = new Set(components.map(({ name, version }) => `${name}@${version}`))
  const unnamed = [...copied].filter((one) => !named.has(one))
  if (unnamed.length > 0) throw new Error(`npm sbom does not know ${unnamed.join(', ')}`)
  const component = { ...whole.metadata.component, name: image }
  const refs = new Set([whole.metadata.component['bom-ref'], ...components.map((kept) => kept['bom-ref'])])
  const dependencies = whole.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((to) => refs.has(to)) }))
  return { ...whole, metadata: { ...whole.metadata, component }, components, dependencies }
}
