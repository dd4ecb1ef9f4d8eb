import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks `look` until it answers something (not null, undefined or false), and answers that. Throws after `withinMs`,
 * saying what was waited for.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  withinMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const seen = await look()
    if (seen !== null && seen !== undefined && seen !== false) return seen
    if (performance.now() > deadline) throw new Error(`not seen within ${withinMs / 1000} s: ${what}`)
    await delay(10)
  }
}
