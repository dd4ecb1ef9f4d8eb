import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { App } from 'cdktn'
import { kubernetesObjects, type KubernetesObject } from '../kubernetes-objects.ts'
import { ServingStack } from '../serving-stack.ts'
import { exampleInput } from '../testing/example-input.ts'

interface Synthesized {
  readonly terraform: {
    readonly backend: object
    readonly required_providers: Record<string, { source: string; version: string }>
  }
  readonly provider: Record<string, readonly Record<string, string>[]>
  readonly variable: Record<string, unknown>
  readonly resource: {
    readonly kubernetes_manifest: Record<
      string,
      { readonly manifest: KubernetesObject; readonly depends_on?: readonly string[]; readonly wait?: unknown }
    >
  }
}

const folder = mkdtempSync(join(tmpdir(), 'bullpen-stack-'))
const objects = Object.values(kubernetesObjects(exampleInput())).flat()
let stack: Synthesized

beforeAll(() => {
  const app = new App({ outdir: folder })
  new ServingStack(app, exampleInput())
  app.synth()
  stack = JSON.parse(readFileSync(join(folder, 'stacks', 'serving', 'cdk.tf.json'), 'utf8')) as Synthesized
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('the stack holds one kubernetes_manifest per object, all after the namespace', () => {
  const made = Object.entries(stack.resource.kubernetes_manifest)
  expect(made).toHaveLength(objects.length)
  for (const [id, { manifest, depends_on: after, wait }] of made) {
    expect(after).toEqual(manifest.kind === 'Namespace' ? [] : ['kubernetes_manifest.namespace-bullpen'])
    expect(wait).toEqual(manifest.kind === 'Deployment' ? [{ rollout: true }] : undefined)
    expect(id).toBe(`${manifest.kind}-${manifest.metadata.name}`.toLowerCase())
  }
})

test('the provider is pinned, and the cluster is that of a kubeconfig; nothing secret is a variable', () => {
  expect(stack.terraform.required_providers).toEqual({
    kubernetes: { source: 'hashicorp/kubernetes', version: '~> 2.38' },
  })
  expect(stack.terraform.backend).toEqual({ local: { path: 'terraform.tfstate' } })
  expect(Object.keys(stack.variable).sort()).toEqual(['context', 'kubeconfig'])
  expect(stack.provider['kubernetes']).toEqual([
    { config_path: '${var.kubeconfig}', config_context: '${var.context == "" ? null : var.context}' },
  ])
})

const hasTerraform = spawnSync('terraform', ['version'], { stdio: 'ignore' }).status === 0
if (!hasTerraform) console.warn('SKIPPED, NOT TESTED: manifests as terraform reads them: there is no terraform')
const testTerraform = hasTerraform ? test : test.skip

testTerraform(
  'terraform reads of each manifest the very object that kubectl gets, braces and dollars included',
  () => {
    // terraform_data keeps what it is given and needs no provider, so that this runs without a network.
    const copies = new Map(
      Object.entries(stack.resource.kubernetes_manifest).map(([id, { manifest }]) => [id, { input: manifest }]),
    )
    const output = { objects: { value: [...copies.keys()].map((id) => `\${terraform_data.${id}.output}`) } }
    const place = join(folder, 'copies')
    mkdirSync(place)
    writeFileSync(
      join(place, 'main.tf.json'),
      JSON.stringify({ resource: { terraform_data: Object.fromEntries<object>(copies) }, output }),
    )
    writeFileSync(join(place, 'cli.tfrc'), '')
    const terraform = (...args: string[]): string =>
      execFileSync('terraform', [`-chdir=${place}`, ...args], {
        encoding: 'utf8',
        timeout: 120_000,
        env: { PATH: process.env['PATH'], CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: join(place, 'cli.tfrc') },
      })
    terraform('init', '-input=false', '-no-color')
    terraform('apply', '-auto-approve', '-input=false', '-no-color')
    const read = JSON.parse(terraform('output', '-json', 'objects')) as KubernetesObject[]
    const sorted = (all: readonly KubernetesObject[]): KubernetesObject[] =>
      [...all].sort((a, b) => (`${a.kind}/${a.metadata.name}` < `${b.kind}/${b.metadata.name}` ? -1 : 1))
    expect(sorted(read)).toEqual(sorted(objects))
  },
  240_000,
)
