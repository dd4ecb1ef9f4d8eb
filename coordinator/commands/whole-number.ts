import { InvalidArgumentError } from 'commander'

/** A commander parser for whole numbers in a range. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`give a whole number from ${min} to ${max}.`)
  }
}
