import { asBullpenError, type BullpenError } from '#core/errors'

/** Promises nobody waits for at once; `settled` waits for all of them. */
export class BackgroundWork {
  private readonly running = new Set<Promise<unknown>>()

  add(work: Promise<unknown>, onError: (error: BullpenError) => void): void {
    const settled = work
      .catch((error: unknown) => {
        onError(asBullpenError(error))
      })
      .finally(() => this.running.delete(settled))
    this.running.add(settled)
  }

  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running)
  }
}
