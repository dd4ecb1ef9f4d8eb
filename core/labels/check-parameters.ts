import { BullpenError } from '#core/errors'

/** What a parameter of a label may be. */
export interface ParameterRule {
  readonly holds: (value: number) => boolean
  /** Completes "must be". */
  readonly text: string
}

export const wholeFrom = (least: number): ParameterRule => ({
  holds: (value) => Number.isInteger(value) && value >= least,
  text: `a whole number from ${least}`,
})

export const fromZero: ParameterRule = {
  holds: (value) => Number.isFinite(value) && value >= 0,
  text: 'a number from 0',
}

export const aboveZero: ParameterRule = {
  holds: (value) => Number.isFinite(value) && value > 0,
  text: 'a number above 0',
}

export const zeroOrOne: ParameterRule = { holds: (value) => value === 0 || value === 1, text: '0 or 1' }

/** Throws USAGE for the first of `parameters` that breaks its rule. */
export function checkParameters<P extends object>(
  label: string,
  parameters: P,
  rules: Readonly<Record<keyof P, ParameterRule>>,
): void {
  for (const [name, rule] of Object.entries(rules) as [keyof P & string, ParameterRule][]) {
    const value = parameters[name] as number
    if (rule.holds(value)) continue
    throw new BullpenError('USAGE', { reason: `label ${label}: ${name} is ${value}, but must be ${rule.text}` })
  }
}
