import type { Cost, CostLine } from './cost.ts'

/** `0.43 USD: 2 workers x 0.20 h at 1 USD/h, 1 redis x 0.20 h at 0.1 USD/h`; what is not known is said. */
export function costInWords(cost: Cost): string {
  const { amounts, unpriced, lines } = cost
  if (lines.length === 0) return 'no price is known: nothing was rented for it and no agent with a price served it'
  const sums = Object.keys(amounts).length === 0 ? 'no price is known' : amountsInWords(amounts)
  const missing = unpriced > 0 && unpriced < thingsOf(lines) ? ', without those whose price is not known' : ''
  return `${sums}${missing}: ${lines.map(lineInWords).join(', ')}`
}

/** `0.43 USD and 1.20 EUR`: side by side, never added. */
export function amountsInWords(amounts: Readonly<Record<string, number>>): string {
  return Object.entries(amounts)
    .map(([currency, amount]) => moneyInWords(amount, currency))
    .join(' and ')
}

/** Two decimals from a cent on, two digits below, so that a cheap run is not told as free. */
export function moneyInWords(amount: number, currency: string): string {
  return `${amount === 0 || amount >= 0.005 ? amount.toFixed(2) : Number(amount.toPrecision(2)).toString()} ${currency}`
}

function lineInWords({ kind, things, seconds, price }: CostLine): string {
  const name = kind === 'redis' || things === 1 ? kind : `${kind}s`
  const hours = seconds / 3600 / things
  const time = hours >= 0.095 ? `${hours.toFixed(1)} h` : `${(hours * 60).toFixed(1)} min`
  return `${things} ${name} x ${time} at ${price === null ? 'an unknown price' : `${price.perHour} ${price.currency}/h`}`
}

function thingsOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { things }) => sum + things, 0)
}
