import { createRequire } from 'node:module'
import type { TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'

type Build = (app: Construct, inputs: unknown) => TerraformStack

/** The typed bindings of AWS are not installed: `npm run infra:install`, then `npm run build`. */
export class BindingsMissing extends Error {
  constructor(cause?: unknown) {
    super('@cdktn/provider-aws is not installed: npm run infra:install && npm run build', { cause })
    this.name = 'BindingsMissing'
  }
}

/** True where the bindings are installed. They weigh 481 MB, so they are no dependency of the package. */
export function bindingsInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('@cdktn/provider-aws/package.json')
    return true
  } catch {
    return false
  }
}

/** The long-lived base on AWS. Throws InputsInvalid, BindingsMissing. */
export async function buildAwsBase(app: Construct, inputs: unknown): Promise<TerraformStack> {
  return (await bound<{ awsBase: Build }>('./base/index.ts')).awsBase(app, inputs)
}

/** The rented cluster on AWS. Throws InputsInvalid, BindingsMissing. */
export async function buildAwsCluster(app: Construct, inputs: unknown): Promise<TerraformStack> {
  return (await bound<{ awsCluster: Build }>('./aws/index.ts')).awsCluster(app, inputs)
}

/** A module compiled only where the bindings are installed: its path must not be a literal, or the compiler looks for it. */
async function bound<T>(path: string): Promise<T> {
  if (!bindingsInstalled()) throw new BindingsMissing()
  return (await import(path)) as T
}
