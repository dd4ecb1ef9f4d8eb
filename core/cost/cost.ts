import type { HourlyPrice } from '#core/protocol'
import type { PaidTime } from './paid-time.ts'

/** Things of one kind at one price. */
export interface CostLine {
  readonly kind: PaidTime['kind']
  readonly things: number
  /** Of all of them, s. */
  readonly seconds: number
  readonly price: HourlyPrice | null
  /** In the currency of the price; null when there is none. */
  readonly amount: number | null
}

/** What paid time comes to. */
export interface Cost {
  /** By currency; amounts of different currencies are never added. Empty: no price is known. */
  readonly amounts: Readonly<Record<string, number>>
  /** Things whose price nobody said: the amounts are without them. */
  readonly unpriced: number
  readonly lines: readonly CostLine[]
}

/** Seconds times price, kind by kind. */
export function costOf(paid: readonly PaidTime[]): Cost {
  const groups = new Map<string, PaidTime[]>()
  for (const each of paid) {
    const key = JSON.stringify([each.kind, each.price?.perHour, each.price?.currency])
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  const lines = [...groups.values()].map(lineOf)
  const amounts: Record<string, number> = {}
  for (const { price, amount } of lines) {
    if (price !== null && amount !== null) amounts[price.currency] = (amounts[price.currency] ?? 0) + amount
  }
  return { amounts, unpriced: paid.filter(({ price }) => price === null).length, lines }
}

/** What an hour of everything that is still there costs, by currency. */
export function hourlyRate(paid: readonly PaidTime[]): Readonly<Record<string, number>> {
  const rates: Record<string, number> = {}
  for (const { price, isOpen } of paid) {
    if (isOpen && price !== null) rates[price.currency] = (rates[price.currency] ?? 0) + price.perHour
  }
  return rates
}

function lineOf(group: readonly PaidTime[]): CostLine {
  const [{ kind, price }] = group as [PaidTime]
  const seconds = group.reduce((sum, each) => sum + each.seconds, 0)
  return { kind, things: group.length, seconds, price, amount: price && (seconds / 3600) * price.perHour }
}
