import { BullpenError } from '#core/errors'

/**
 * All numbers a kernel remembers between candles, handed out in blocks that start as NaN. Saving and restoring copy
 * every block whole, so a state cannot forget a part of itself.
 */
export class Memory {
  private readonly blocks: Float64Array[] = []

  allocate(length: number): Float64Array {
    const block = new Float64Array(length).fill(NaN)
    this.blocks.push(block)
    return block
  }

  save(): Float64Array {
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
