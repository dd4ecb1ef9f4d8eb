import { BullpenError } from '#core/errors'
import type { FeatureSet, FeatureStream } from './feature-set.ts'

/**
 * Opens a stream at the start of a segment. The row it answers is reused by the next call; a saved state is only for
 * a set of the same hash. `restore` throws DATA_SET_INVALID when the state is not of this set's size.
 */
export function openFeatureStream(set: FeatureSet): FeatureStream {
  return openRows(set)
}

/** As {@link openFeatureStream}, for a set whose hash is not known yet. */
export function openRows(set: Omit<FeatureSet, 'hash'>): FeatureStream {
  const states = set.kernels.map((kernel) => kernel.start())
  const widths = set.kernels.map((kernel) => kernel.columns.length)
  const sizes = states.map((state) => state.save().length)
  const size = sizes.reduce((sum, n) => sum + n, 0)
  const order = columnOrder(set)
  const unordered = new Float64Array(order.length)
  const row = new Float64Array(order.length)
  return {
    step(candle) {
      let offset = 0
      for (let k = 0; k < states.length; k++) {
        states[k]!.step(candle, unordered, offset)
        offset += widths[k]!
      }
      for (let i = 0; i < order.length; i++) row[i] = unordered[order[i]!]!
      return row
    },
    advance(candle) {
      for (const state of states) {
        if (state.advance) state.advance(candle)
        else state.step(candle, unordered, 0)
      }
    },
    save() {
      const saved = new Float64Array(size)
      let at = 0
      states.forEach((state, k) => {
        saved.set(state.save(), at)
        at += sizes[k]!
      })
      return saved
    },
    restore(saved) {
      if (saved.length !== size) {
        const reason = `a saved feature state of ${saved.length} numbers is not the ${size} of feature set ${set.name}`
        throw new BullpenError('DATA_SET_INVALID', { reason })
      }
      let at = 0
      states.forEach((state, k) => {
        state.restore(saved.subarray(at, at + sizes[k]!))
        at += sizes[k]!
      })
    },
  }
}

/** For each column of the set, where the kernels, one after the other, write it. */
function columnOrder(set: Omit<FeatureSet, 'hash'>): Int32Array {
  const places = new Map(set.kernels.flatMap((kernel) => kernel.columns).map((column, i) => [column, i]))
  const order = Int32Array.from(set.columns, (column) => places.get(column) ?? -1)
  if (order.includes(-1) || places.size !== order.length) {
    throw new BullpenError('INTERNAL', {
      reason: `the columns of feature set ${set.name} are not those of its kernels`,
    })
  }
  return order
}
