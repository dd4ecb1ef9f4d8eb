import type { StackEntry } from './stack-entry.ts'
import { buildAwsBase, buildAwsCluster } from './bound-stacks.ts'

/** Every stack, each with example inputs in `examples/<name>.json` and its expected synthesis in `golden/<name>.tf.json`. */
export const stacks: readonly StackEntry[] = [
  { name: 'aws-base', bindings: true, build: buildAwsBase },
  { name: 'aws-cluster', bindings: true, build: buildAwsCluster },
]
