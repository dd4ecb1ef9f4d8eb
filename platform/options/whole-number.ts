import { InvalidArgumentError } from 'commander'

/** A parser of whole numbers from `least` to `most`; it throws InvalidArgumentError, which commander makes a usage error. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`give a whole number from ${least} to ${most}.`)
  }
}
