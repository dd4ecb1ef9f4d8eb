import { join } from 'node:path'
import { App } from 'cdktn'
import type { StackEntry } from './stack-entry.ts'

/** From 1.10 on a lock can be an object of the bucket that holds the state. */
const versions = { terraform: '>=1.10.0', opentofu: '>=1.10.0' }

/**
 * Writes `<folder>/stacks/<name>/cdk.tf.json`, which `terraform -chdir=<that folder> init|apply` takes as it is.
 * @returns the folder of the stack
 * Throws InputsInvalid, BindingsMissing.
 */
export async function synthesize(entry: StackEntry, inputs: unknown, folder: string): Promise<string> {
  const app = new App({ outdir: folder, context: { targetVersions: versions } })
  const stack = await entry.build(app, inputs)
  app.synth()
  return join(folder, 'stacks', stack.node.id)
}
