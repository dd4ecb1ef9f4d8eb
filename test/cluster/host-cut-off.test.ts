import { expect, test } from '@jest/globals'
import { leaseSeconds } from './testing/cluster-lab.ts'
import { useLab } from './testing/disturbed-run.ts'
import { describeCluster } from './testing/lab-support.ts'
import { expectUndisturbed, outcomeOf, runIdOf, startRun } from './testing/training.ts'
import { until } from './testing/until.ts'

const trials = 10

describeCluster('a host that is cut off', () => {
  const use = useLab(2, trials)

  test('for two lease lengths and healed cannot write what it finished meanwhile', async () => {
    const { lab, journal, agents, wanted } = use
    const [first] = lab.hosts
    const coordinator = startRun(lab, trials)
    const runId = await runIdOf(coordinator)
    await journal.leased(runId, 'search/trial-0/', first)
    lab.network.cut(first!)
    const cutAt = performance.now()
    const inHand = (await journal.held(runId, first)).map(({ key }) => key)
    expect(inHand).not.toEqual([])
    await until('two lease lengths', () => Promise.resolve(performance.now() - cutAt > 2000 * leaseSeconds))
    lab.network.heal(first!)
    await agents[0]!.saw(/refused|fenced/)

    await expectUndisturbed(lab, outcomeOf(await coordinator.done), wanted)
    expect(await journal.repeated(runId)).toEqual(inHand)
    const ends = await journal.ends(runId)
    expect(ends.filter(({ key }) => inHand.includes(key)).map(({ worker }) => worker)).toEqual(
      inHand.map(() => expect.stringMatching(/^host-2-/)),
    )
  }, 120_000)
})
