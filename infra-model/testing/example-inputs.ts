import { readFileSync } from 'node:fs'

/** The example inputs of a stack, with some of them changed. */
export function exampleInputs(stack: string, changed: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const example = JSON.parse(readFileSync(`infra-model/examples/${stack}.json`, 'utf8')) as Record<string, unknown>
  return { ...example, ...changed }
}
