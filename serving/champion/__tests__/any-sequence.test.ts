import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bitcoin } from '../../series/__tests__/histories.ts'
import { aliasCandidates } from '../alias-candidates.ts'
import type { ChampionHolder } from '../index.ts'
import { faults, Stage, type Fault } from './stage.ts'

type Step =
  | { readonly do: 'publish'; readonly fault: Fault | undefined }
  | { readonly do: 'promote'; readonly pick: number }
  | { readonly do: 'rollback' | 'settle' | 'restart' }
  | { readonly do: 'wait'; readonly turns: number }
  | { readonly do: 'away'; readonly what: 'registry' | 'objects'; readonly isAway: boolean }

const fault = fc.constantFrom(...(Object.keys(faults) as Fault[]))
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('publish' as const), fault: fc.option(fault, { nil: undefined }) }),
  fc.record({ do: fc.constant('promote' as const), pick: fc.nat(5) }),
  fc.record({ do: fc.constantFrom('rollback' as const, 'settle' as const, 'restart' as const) }),
  fc.record({ do: fc.constant('wait' as const), turns: fc.nat(12) }),
  fc.record({
    do: fc.constant('away' as const),
    what: fc.constantFrom('registry' as const, 'objects' as const),
    isAway: fc.boolean(),
  }),
)

/** Plays steps before two replicas, the second of which is restarted, and answers what each served in the end. */
async function play(steps: readonly Step[]) {
  const stage = new Stage()
  const sound = new Set<number>()
  const published: number[] = []
  const swaps: number[] = []
  const open = async (name: string): Promise<ChampionHolder> => {
    const aliases = [{ alias: 'champion', series: bitcoin }]
    const holder = await stage.holder({ aliases, startMs: 5, home: join(stage.home, name) })
    holder.onSwap(({ version }) => swaps.push(version))
    await holder.start()
    return holder
  }
  const replicas = [await open('a'), await open('b')]
  const perform = async (step: Step): Promise<void> => {
    if (step.do === 'publish') {
      const version = await stage.publish(step.fault)
      published.push(version)
      if (step.fault === undefined) sound.add(version)
      await stage.promote(version)
    }
    if (step.do === 'promote' && published.length > 0) await stage.promote(published[step.pick % published.length]!)
    if (step.do === 'rollback') {
      await stage.registry.rollback('champion', 'test').catch(() => undefined)
      stage.feed.tell('aliases')
    }
    if (step.do === 'settle') for (const replica of replicas) await replica.settled()
    if (step.do === 'wait') for (let turn = 0; turn < step.turns; turn++) await nextTurn()
    if (step.do === 'away') stage.away[step.what] = step.isAway
    if (step.do === 'restart') {
      await replicas[1]!.close()
      replicas[1] = await open('b')
    }
  }
  try {
    for (const step of steps) await perform(step)
    Object.assign(stage.away, { registry: false, objects: false })
    stage.feed.tell('aliases')
    for (const replica of replicas) await replica.settled()
    const newest = aliasCandidates(await stage.registry.history('champion')).find(({ version }) => sound.has(version))
    const served = replicas.map((replica) => replica.all()[0]?.version)
    return { served, newest: newest?.version, unsound: swaps.filter((version) => !sound.has(version)) }
  } finally {
    await stage.close()
  }
}

test('whatever moves, bad models, outages and restarts come, only sound models serve, and at last the newest sound one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), async (steps) => {
      const { served, newest, unsound } = await play(steps)
      expect(unsound).toEqual([])
      expect(served).toEqual([newest, newest])
    }),
    { numRuns: 40 },
  )
})
