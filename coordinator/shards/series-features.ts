import type { ShardEntry, ShardIndex, ObjectStore } from '#core/registry'
import type { TaskClient } from '../tasks/index.ts'
import type { ShardPlan, ShardWork } from './shard-plan.ts'

/** What computing shards needs; opened and closed by the caller. */
export interface ShardServices {
  readonly tasks: Pick<TaskClient, 'run'>
  readonly index: ShardIndex
  readonly objects: ObjectStore
  /** Called whenever one more shard of the series is there. */
  readonly onShard?: (() => void) | undefined
}

/** The features of a series, shard by shard. */
export interface SeriesFeatures {
  /** One for each shard of the plan, in order. */
  readonly shards: readonly ShardEntry[]
  /** Tasks that were run, those for a guess that came to nothing included. */
  readonly computed: number
}

/**
 * Computes what is missing of a series. A shard continues the state in which the one before it ended, so the result has
 * the bits of the whole table, and a shard whose key is known is never computed again. Long stretches are computed side
 * by side from guessed starts: where the guess is the true state, the keys are the same and its shards are found;
 * where it is not, they are computed anew, from the true state, until the keys meet again.
 *
 *     shard 0 ──▶ 1 ──▶ … ──▶ 16 found? ──▶ … ──▶ 32 found? ──▶ …
 *     warm-up ──▶ 16 ──▶ 17 ──▶ … ──▶ 31        warm-up ──▶ 32 ──▶ …
 *
 * Throws what a task fails with, and the errors of index and object store.
 */
export async function computeSeries(plan: ShardPlan, services: ShardServices): Promise<SeriesFeatures> {
  const shards = new ShardRun(plan, services)
  const done = await shards.known()
  const heads = plan.guessedAfter(done.length)
  const guesses = new Map(heads.map((head) => [head, shards.guess(head)]))
  const chain = async (): Promise<void> => {
    for (let shard = done.length; shard < plan.ranges.length; shard++) {
      await guesses.get(shard)
      done.push(await shards.obtain(shard, done[shard - 1]))
      services.onShard?.()
    }
  }
  const lane = async (head: number): Promise<void> => {
    const end = heads[heads.indexOf(head) + 1] ?? plan.ranges.length
    let before = await guesses.get(head)
    for (let shard = head + 1; shard < end; shard++) before = await shards.obtain(shard, before)
  }
  await Promise.all([chain(), ...heads.map(lane)])
  return { shards: done, computed: shards.computed }
}

class ShardRun {
  computed = 0
  private readonly plan: ShardPlan
  private readonly services: ShardServices
  /** Shards asked for in this run, by key: whoever asks again gets the same one. */
  private readonly asked = new Map<string, Promise<ShardEntry>>()

  constructor(plan: ShardPlan, services: ShardServices) {
    this.plan = plan
    this.services = services
  }

  /** The shards from the first on that are there, up to the first that is not. */
  async known(): Promise<ShardEntry[]> {
    const entries: ShardEntry[] = []
    while (entries.length < this.plan.ranges.length) {
      const { key } = this.plan.continuing(entries.length, entries.at(-1)?.endState ?? '')
      const entry = await this.stored(key)
      if (!entry) break
      this.asked.set(key, Promise.resolve(entry))
      entries.push(entry)
      this.services.onShard?.()
    }
    return entries
  }

  obtain(shard: number, before: ShardEntry | undefined): Promise<ShardEntry> {
    const work = this.plan.continuing(shard, before?.endState ?? '')
    const afresh = this.plan.startsAfresh(shard)
    return this.once(work.key, async () => {
      const stored = await this.stored(work.key)
      return stored ?? this.record(shard, work.key, await this.compute(work, afresh ? undefined : before))
    })
  }

  /** The shard as it was last computed, from whatever state; otherwise computed from a guessed one. */
  async guess(shard: number): Promise<ShardEntry> {
    if (this.plan.startsAfresh(shard)) return this.obtain(shard, undefined)
    const last = await this.stored(this.plan.lastKey(shard))
    if (last) return last
    const work = this.plan.guessing(shard)
    const entry = await this.once(work.key, () => this.compute(work, undefined))
    const { key } = this.plan.continuing(shard, entry.startState)
    return this.once(key, () => this.record(shard, key, entry))
  }

  private once(key: string, make: () => Promise<ShardEntry>): Promise<ShardEntry> {
    const made = this.asked.get(key) ?? make()
    this.asked.set(key, made)
    return made
  }

  private async record(shard: number, key: string, entry: ShardEntry): Promise<ShardEntry> {
    await this.services.index.record(key, entry)
    await this.services.index.record(this.plan.lastKey(shard), entry)
    return entry
  }

  private async compute(work: ShardWork, before: ShardEntry | undefined): Promise<ShardEntry> {
    const { tasks, objects } = this.services
    const { shard, ...result } = await tasks.run('feature-shard', `shard/${work.key.slice(0, 32)}`, {
      candles: await objects.put(work.candles),
      warmup: work.warmup,
      featureSet: this.plan.set.name,
      featureSetHash: this.plan.set.hash,
      ...(before ? { after: { shard: before.object, state: before.endState } } : {}),
    })
    this.computed++
    return { object: shard, ...result }
  }

  /** The index is not believed before the object is seen: a lost one is computed again. */
  private async stored(key: string): Promise<ShardEntry | null> {
    const entry = await this.services.index.find(key)
    return entry && (await this.services.objects.has(entry.object)) ? entry : null
  }
}
