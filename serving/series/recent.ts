/** The last `capacity` values of a growing list, whose end may be taken back. */
export class Recent<Value> {
  readonly #capacity: number
  #values: Value[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  push(value: Value): void {
    this.#values.push(value)
    // Cut rarely: moving the values of every push would cost more than the memory of as many again.
    if (this.#values.length >= 2 * this.#capacity) this.#values = this.#values.slice(-this.#capacity)
  }

  /** The newest value. */
  get newest(): Value | undefined {
    return this.#values.at(-1)
  }

  get count(): number {
    return Math.min(this.#values.length, this.#capacity)
  }

  /** The last `limit` values, oldest first; a copy. */
  last(limit: number): Value[] {
    const count = Math.min(limit, this.count)
    return count > 0 ? this.#values.slice(-count) : []
  }

  /** Drops values from the end for as long as `drop` says so. */
  dropWhile(drop: (value: Value) => boolean): void {
    while (this.#values.length > 0 && drop(this.#values.at(-1)!)) this.#values.pop()
  }
}
