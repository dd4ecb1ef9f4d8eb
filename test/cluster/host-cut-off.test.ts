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
    const leases = await journal.held(runId, first)
    const inHand = leases.map(({ key }) => key)
    expect(inHand).not.toEqual([])
    await until('two lease lengths', () => Promise.resolve(performance.now() - cutAt > 2000 * leaseSeconds))
    lab.network.heal(first!)
    for (const lease of leases) expect(await journal.report(lease)).toBe('fenced')
    await agents[0]!.saw(/the lease of task .* has lapsed: what was done of it here is refused/)

    await expectUndisturbed(lab, outcomeOf(await coordinator.done), wanted)
    expect(await journal.repeated(runId)).toEqual(inHand)
    const others = (await journal.ends(runId)).filter(({ key }) => inHand.includes(key))
    expect(others.map(({ worker }) => worker)).toEqual(inHand.map(() => expect.stringMatching(/^host-2-/)))
  }, 240_000)
})
