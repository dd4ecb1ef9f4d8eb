import type { HeldTask } from './held-task.ts'

/** The leased tasks of one consumer, from lease to verdict, and which of them wait for a slot, in order. */
export class HeldTasks {
  readonly #byToken = new Map<string, HeldTask>()
  #ready: HeldTask[] = []
  #alone = 0

  /** Everything held. */
  get byToken(): ReadonlyMap<string, HeldTask> {
    return this.#byToken
  }

  get size(): number {
    return this.#byToken.size
  }

  get ready(): number {
    return this.#ready.length
  }

  /** Whether a task is held beside which the ledger lends nothing. */
  get hasAlone(): boolean {
    return this.#alone > 0
  }

  /** A lease just taken: last among those that wait for a slot. */
  add(held: HeldTask): void {
    this.#byToken.set(held.lease.token, held)
    this.#ready.push(held)
    if (held.lease.alone) this.#alone += 1
  }

  /** The next for a slot; it stays held. */
  next(): HeldTask | undefined {
    return this.#ready.shift()
  }

  letGo(held: HeldTask): void {
    if (held.state === 'ready') this.#ready = this.#ready.filter((one) => one !== held)
    if (this.#byToken.delete(held.lease.token) && held.lease.alone) this.#alone -= 1
  }

  /** Lets go of those that wait for a slot and that `which` names. */
  letGoReady(which: (held: HeldTask) => boolean): readonly HeldTask[] {
    const given = this.#ready.filter(which)
    this.#ready = this.#ready.filter((held) => !which(held))
    for (const held of given) this.letGo(held)
    return given
  }

  ofRun(runId: string): readonly HeldTask[] {
    return [...this.#byToken.values()].filter(({ lease }) => lease.task.runId === runId)
  }
}
