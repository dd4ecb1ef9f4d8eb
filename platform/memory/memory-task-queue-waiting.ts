/** What decides the order of waiting: larger priority first, then smaller sequence number. */
export interface Place {
  readonly priority: number
  readonly sequence: number
}

/** A binary heap of waiting entries: add and take cost O(log n), leaving out a run O(n). */
export class WaitingTasks<T extends Place> {
  private heap: T[] = []

  get size(): number {
    return this.heap.length
  }

  add(entry: T): void {
    this.heap.push(entry)
    this.rise(this.heap.length - 1)
  }

  /** The first in order, undefined when nothing waits. */
  take(): T | undefined {
    const first = this.heap[0]
    const last = this.heap.pop()
    if (first === undefined || last === undefined) return undefined
    if (this.heap.length > 0) {
      this.heap[0] = last
      this.sink(0)
    }
    return first
  }

  /** Takes out every entry that `leaves` names, in order. */
  takeAll(leaves: (entry: T) => boolean): T[] {
    const left = this.heap.filter(leaves)
    this.heap = this.heap.filter((entry) => !leaves(entry)).sort(byPlace) // a sorted array is a heap
    return left.sort(byPlace)
  }

  private rise(i: number): void {
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (byPlace(this.heap[parent]!, this.heap[i]!) <= 0) return
      this.swap(i, parent)
      i = parent
    }
  }

  private sink(i: number): void {
    for (;;) {
      let first = i
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < this.heap.length && byPlace(this.heap[child]!, this.heap[first]!) < 0) first = child
      }
      if (first === i) return
      this.swap(i, first)
      i = first
    }
  }

  private swap(i: number, j: number): void {
    const held = this.heap[i]!
    this.heap[i] = this.heap[j]!
    this.heap[j] = held
  }
}

function byPlace(a: Place, b: Place): number {
  return b.priority - a.priority || a.sequence - b.sequence
}
