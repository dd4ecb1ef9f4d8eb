import { BullpenError } from '#core/errors'

/**
 * All numbers a kernel remembers between candles, handed out in blocks that start as NaN. Saving and restoring copy
 * every block whole, so a state cannot forget a part of itself.
 */
export class Memory {
  private readonly blocks: Float64Array[] = []
  private readonly settlers: (() => void)[] = []

  allocate(length: number): Float64Array {
    const block = new Float64Array(length).fill(NaN)
    this.blocks.push(block)
    return block
  }

  /**
   * Has `settle` called before each save: it brings a ring into one order without changing what it holds, so that equal
   * memories have equal bits however long each has been running.
   */
  beforeSave(settle: () => void): void {
    this.settlers.push(settle)
  }

  save(): Float64Array {
    for (const settle of this.settlers) settle()
    const saved = new Float64Array(this.size)
    let at = 0
    for (const block of this.blocks) {
      saved.set(block, at)
      at += block.length
    }
    return saved
  }

  /** Throws DATA_SET_INVALID when `saved` is of another length. */
  restore(saved: Float64Array): void {
    if (saved.length !== this.size) {
      const reason = `a saved state of ${saved.length} numbers is not the ${this.size} this kernel remembers`
      throw new BullpenError('DATA_SET_INVALID', { reason })
    }
    let at = 0
    for (const block of this.blocks) {
      block.set(saved.subarray(at, at + block.length))
      at += block.length
    }
  }

  private get size(): number {
    return this.blocks.reduce((sum, block) => sum + block.length, 0)
  }
}
