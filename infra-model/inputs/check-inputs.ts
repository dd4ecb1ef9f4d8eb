import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** Inputs of a stack that do not hold; the message lists every problem at once. */
export class InputsInvalid extends Error {
  readonly problems: readonly string[]

  constructor(stack: string, problems: readonly string[]) {
    super(`inputs of ${stack}: ${problems.join('; ')}`)
    this.name = 'InputsInvalid'
    this.problems = problems
  }
}

/**
 * The inputs as their type, defaults filled in, frozen.
 * @param rules problems that no schema can say; asked only when the schema holds
 * Throws InputsInvalid.
 */
export function checkInputs<S extends TSchema>(
  stack: string,
  schema: S,
  inputs: unknown,
  rules: (inputs: Static<S>) => readonly string[] = () => [],
): Readonly<Static<S>> {
  const filled: unknown = Value.Default(schema, Value.Clone(inputs))
  const problems = [...Value.Errors(schema, filled)].map(
    ({ path, message, schema: part }) =>
      `${path.slice(1).replaceAll('/', '.') || 'inputs'}: ${part.description ?? message}`,
  )
  if (problems.length > 0) throw new InputsInvalid(stack, [...new Set(problems)])
  const checked = filled as Static<S>
  const broken = rules(checked)
  if (broken.length > 0) throw new InputsInvalid(stack, broken)
  return Object.freeze(checked)
}
