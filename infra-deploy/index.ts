import type { Construct } from 'constructs'
import { ServingStack } from './serving-stack.ts'

/** Stacks of this room for `npm run synth`, with example inputs in `examples/<name>.json`. */
export const deployStacks = [
  {
    name: 'serving',
    bindings: false,
    build: (app: Construct, input: unknown): ServingStack => new ServingStack(app, input),
  },
] as const
