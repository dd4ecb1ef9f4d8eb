/** `node dist/infra-deploy/image/assemble-command.js serving|worker FOLDER`: the step of the Dockerfile that makes a tree. */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { assembleImage } from './assemble-image.ts'
import { imageSbom } from './image-sbom.ts'
import { imageTargets, type ImageName } from './image-targets.ts'

const [name = '', into] = process.argv.slice(2)
if (!(name in imageTargets) || into === undefined) {
  process.stderr.write(`usage: assemble-command ${Object.keys(imageTargets).join('|')} FOLDER\n`)
  process.exit(2)
}
const { files, packages, bytes } = assembleImage(process.cwd(), name as ImageName, resolve(into))
const sbom = imageSbom(process.cwd(), `bullpen-${name}`, packages)
writeFileSync(join(into, 'sbom.cdx.json'), `${JSON.stringify(sbom, undefined, 2)}\n`)
const mib = (size: number): string => `${(size / 2 ** 20).toFixed(1)} MiB`
process.stdout.write(
  `${name}: ${files.length} files of ours with assets ${mib(bytes.ours)}, ${packages.length} npm packages ${mib(bytes.packages)}\n`,
)
