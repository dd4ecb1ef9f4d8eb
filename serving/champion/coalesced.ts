/** Work that is done one at a time, and once more when it was asked for meanwhile. */
export class Coalesced {
  readonly #work: () => Promise<void>
  #isWanted = false
  #running: Promise<void> | null = null

  /** `work` must not reject. */
  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  /** Resolves after a whole run of the work that began after this call. */
  ask(): Promise<void> {
    this.#isWanted = true
    this.#running ??= this.#run()
    return this.#running
  }

  /** The run under way; null when there is none. */
  get running(): Promise<void> | null {
    return this.#running
  }

  async #run(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false
      await this.#work()
    }
    // In the same turn as the last look at what is wanted: who asks next starts a new run.
    this.#running = null
  }
}
