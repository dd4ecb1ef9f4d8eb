import { InvalidArgumentError } from 'commander'

/** A parser of prices, from 0 to a million. */
export function price(text: string): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value <= 1_000_000) return value
  throw new InvalidArgumentError('give a number from 0 to 1000000.')
}

/** A parser of currencies: their three capital letters. */
export function currency(text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text
  throw new InvalidArgumentError('give three capital letters, such as USD.')
}
