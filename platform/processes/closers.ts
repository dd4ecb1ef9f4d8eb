/** What a command opened, closed in the reverse order whatever happened. A second `closeAll` does nothing. */
export class Closers {
  private readonly stack: (() => Promise<void>)[] = []

  add(close: () => Promise<void>): void {
    this.stack.push(close)
  }

  /** Closes everything, last opened first; the first failure is thrown after all have been tried. */
  async closeAll(): Promise<void> {
    let failure: { readonly error: unknown } | undefined
    for (let close = this.stack.pop(); close; close = this.stack.pop()) {
      try {
        await close()
      } catch (error) {
        failure ??= { error }
      }
    }
    if (failure) throw failure.error
  }
}
