import type { TerraformStack } from 'cdktn'
import type { Construct } from 'constructs'

/** One stack that can be synthesised, by the name of its folder, its example inputs and its golden file. */
export interface StackEntry {
  readonly name: string
  /** It needs the typed bindings, which `npm run infra:install` fetches. */
  readonly bindings: boolean
  /** Adds the stack to an app. Throws InputsInvalid. */
  readonly build: (app: Construct, inputs: unknown) => TerraformStack | Promise<TerraformStack>
}
