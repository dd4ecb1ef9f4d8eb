/** Weight of the newest duration: a change of pace is taken over after about ten tasks. */
const newest = 0.1

/** Mean durations of tasks by kind, ms: those the ledger knows at first, then of every attempt seen. */
export class Durations {
  readonly #means = new Map<string, number>()

  /** Takes over what is known elsewhere of kinds not seen here. */
  learn(means: ReadonlyMap<string, number>): void {
    for (const [kind, mean] of means) if (!this.#means.has(kind)) this.#means.set(kind, mean)
  }

  saw(kind: string, ms: number): void {
    const before = this.#means.get(kind)
    this.#means.set(kind, before === undefined ? ms : before + newest * (ms - before))
  }

  /** Undefined for a kind nobody has seen. */
  mean(kind: string): number | undefined {
    return this.#means.get(kind)
  }
}
