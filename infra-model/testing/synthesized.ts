import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Testing, type TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'

type Block = Record<string, unknown>

/** A synthesised stack, to be looked into. */
export interface Synthesized {
  /** As Terraform reads it, for the assertions of `Testing`. */
  readonly text: string
  /** Every resource: type, name and arguments. */
  readonly resources: readonly { readonly type: string; readonly name: string; readonly is: Block }[]
  /** Resources of one type. */
  of(type: string): readonly Block[]
}

/** Synthesises a stack into text; the kit's folder for it does not stay. */
export function synthesized(build: (app: Construct, inputs: unknown) => TerraformStack, inputs: unknown): Synthesized {
  const text = textOf(build, inputs)
  const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, Block>> }
  const resources = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, is]) => ({ type, name, is })),
  )
  return { text, resources, of: (type) => resources.filter((one) => one.type === type).map(({ is }) => is) }
}

function textOf(build: (app: Construct, inputs: unknown) => TerraformStack, inputs: unknown): string {
  const outdir = mkdtempSync(join(tmpdir(), 'bullpen-synth-'))
  try {
    const app = Testing.app({ outdir, context: { targetVersions: { terraform: '>=1.10.0', opentofu: '>=1.10.0' } } })
    return Testing.synth(build(app, inputs))
  } finally {
    rmSync(outdir, { recursive: true })
  }
}

/** What cloud-init reads. */
export interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly permissions: string; readonly content: string }[]
  readonly runcmd: readonly (readonly string[])[]
}

/** The user data in an expression that `base64Of` or `textOf` made. */
export function cloudConfigOf(expression: unknown): CloudConfig {
  const literal = /^\$\{(?:base64encode\(|format\("%s", )(".*")\)\}$/s.exec(String(expression))?.[1]
  const text = JSON.parse(literal ?? '""') as string
  return JSON.parse(text.replace(/^#cloud-config\n/, '')) as CloudConfig
}
