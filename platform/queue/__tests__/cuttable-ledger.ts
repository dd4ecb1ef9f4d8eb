import { BullpenError } from '#core/errors'
import type { TaskLedger } from '#core/protocol'

/** The same ledger as seen over a network that can be cut: every call then fails. */
export function cuttable(ledger: TaskLedger) {
  let isCut = false
  const seen = new Proxy(ledger, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        const details = { database: 'test', reason: 'the network is cut' }
        if (isCut) return Promise.reject(new BullpenError('DATABASE_UNAVAILABLE', details))
        return Reflect.apply(member, target, args)
      }
    },
  })
  return {
    ledger: seen,
    cut: () => {
      isCut = true
    },
    heal: () => {
      isCut = false
    },
  }
}
