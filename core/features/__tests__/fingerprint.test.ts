import { expect, test } from '@jest/globals'
import { defineFeatureSet } from '../define-feature-set.ts'
import { featureSet } from '../feature-sets.ts'
import type { FeatureSet, Kernel } from '../feature-set.ts'

const set = featureSet('reference')

test('the hash is the same each time and names 256 bits', () => {
  const again = defineFeatureSet({ ...set })
  expect(again.hash).toBe(set.hash)
  expect(set.hash).toMatch(/^[0-9a-f]{64}$/)
})

test('the last bit of one value of any kernel changes the hash', () => {
  for (const kernel of set.kernels) {
    const kernels = set.kernels.map((each) => (each === kernel ? withLastBitChanged(kernel) : each))
    expect(defineFeatureSet({ ...set, kernels }).hash).not.toBe(set.hash)
  }
})

test.each<[string, Partial<FeatureSet>]>([
  ['name', { name: 'other' }],
  ['column order', { columns: [...set.columns].reverse() }],
  ['warm-up', { warmup: set.warmup + 1 }],
  ['warm-up of a kernel', { kernels: set.kernels.map((kernel) => ({ ...kernel, warmup: kernel.warmup + 1 })) }],
])('another %s is another hash', (_, change) => {
  expect(defineFeatureSet({ ...set, ...change }).hash).not.toBe(set.hash)
})

test('a set whose columns are not those of its kernels is refused', () => {
  expect(() => defineFeatureSet({ ...set, columns: ['nosuch', ...set.columns] }).hash).toThrow('are not those')
})

/** The kernel with its first column's value at row 300 moved by one unit in the last place. */
function withLastBitChanged(kernel: Kernel): Kernel {
  const start: Kernel['start'] = () => {
    const state = kernel.start()
    let t = 0
    return {
      step(candle, out, offset) {
        state.step(candle, out, offset)
        if (t++ === 300) out[offset]! *= 1 + 2 ** -52
      },
      save: () => state.save(),
      restore: (saved) => {
        state.restore(saved)
      },
    }
  }
  return { ...kernel, start }
}
