import { once } from 'node:events'
import { until } from '../../cluster/testing/until.ts'
import { lanes } from './lanes.ts'
import type { RentedHome } from './rented-home.ts'
import type { RentedCommand } from './rented-place.ts'

/** What a coordinator has just done when it is killed: a line it writes, or something that exists. */
export const steps = {
  'it booked': /rentals booked/,
  'the guard runs': /its guard runs/,
  'terraform has made a part of it': (home: RentedHome, cluster: string) =>
    home.processes(cluster).some(({ rental }) => /redis/.test(rental)),
  'the target is up': /at work at/,
  'the agents joined': /have joined the fleet/,
  'the run began': /run \S+ started/,
  'the search began': /search: started/,
  'the model is registered': /register: done/,
  'the teardown began': /tearing down/,
  'nothing exists any more': /nothing of it exists/,
} as const

export type Step = keyof typeof steps

/** Steps of a teardown alone, which needs no run before it. */
const downSteps: readonly Step[] = ['the teardown began', 'nothing exists any more']

/** The term, and at most two minutes more. */
const limitMs = 15_000 + 120_000

/** Clusters that lose somebody, each on its own and several at a time. */
export class KillCases {
  private readonly home: RentedHome
  private readonly turn: ReturnType<typeof lanes>
  private readonly ends = new Map<string, Promise<string[]>>()

  /** `limit` clusters at a time. */
  constructor(home: RentedHome, limit: number) {
    this.home = home
    this.turn = lanes(limit)
  }

  /** Begins a case in the background, with a cluster of that name. */
  begin(cluster: string, work: () => Promise<void>): void {
    const end = this.turn(async () => {
      await work()
      return this.remains(cluster)
    })
    end.catch(() => undefined)
    this.ends.set(cluster, end)
  }

  /** Begins the case of a coordinator that is killed after this step. */
  killAfter(step: Step): void {
    const cluster = nameOf(step)
    this.begin(cluster, async () => {
      const command = await this.commandFor(step)
      const seen = steps[step]
      if (seen instanceof RegExp) await command.saw(seen)
      else await until(step, () => Promise.resolve(seen(this.home, cluster)))
      await killed(command)
    })
  }

  /** What was left of the cluster of a case; throws what went wrong with it before. */
  async left(cluster: string): Promise<string[]> {
    const end = this.ends.get(cluster)
    if (!end) throw new Error(`no case ${cluster}`)
    return end
  }

  /** The same of the coordinator that was killed after this step. */
  leftAfter(step: Step): Promise<string[]> {
    return this.left(nameOf(step))
  }

  /** Resolves when no case is under way any more. */
  async over(): Promise<void> {
    await Promise.allSettled(this.ends.values())
  }

  private async commandFor(step: Step): Promise<RentedCommand> {
    const cluster = nameOf(step)
    if (!downSteps.includes(step)) return this.home.weekly(cluster)
    await this.home.up(cluster).done
    return this.home.down(cluster)
  }

  private async remains(cluster: string): Promise<string[]> {
    const traces = () => this.home.traces(cluster)
    const look = async () => ((await traces()).length === 0 ? [] : null)
    return until(`the end of ${cluster}`, look, limitMs).catch(traces)
  }
}

/** Kills a command outright; resolves when it is gone. */
export async function killed({ child }: RentedCommand): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function nameOf(step: Step): string {
  return `step-${Object.keys(steps).indexOf(step)}`
}
