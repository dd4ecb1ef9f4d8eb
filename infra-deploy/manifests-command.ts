/**
 * npm run manifests                                        infra-deploy/examples/serving.json into infra-deploy/k8s
 * npm run manifests -- --input mine.json --out deploy/k8s  your own installation, anywhere
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { neededSecrets } from './kubernetes-objects.ts'
import { manifests } from './manifests.ts'

try {
  const { values } = parseArgs({
    options: {
      input: { type: 'string', default: 'infra-deploy/examples/serving.json' },
      out: { type: 'string', default: 'infra-deploy/k8s' },
    },
  })
  const input: unknown = JSON.parse(readFileSync(values.input, 'utf8'))
  for (const [path, text] of manifests(input)) {
    const file = join(values.out, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    process.stdout.write(`${file}\n`)
  }
  const secrets = neededSecrets(input).map(({ name, key }) => `${name} (${key})`)
  process.stdout.write(`to exist before they are applied, as Secrets: ${secrets.join(', ')}\n`)
} catch (error) {
  process.stderr.write(`manifests: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
