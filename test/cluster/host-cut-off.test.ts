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
    const coordinator = startRun(lab, trials)
    const runId = await runIdOf(coordinator)
    const index = journal.hostOf(await journal.leased(runId, 'search/trial-0/'))
    const host = lab.hosts[index]!
    lab.network.cut(host)
    const cutAt = performance.now()
    const leases = await journal.held(runId, host)
    const inHand = leases.map(({ key }) => key)
    expect(inHand).not.toEqual([])
    await until('two lease lengths', () => Promise.resolve(performance.now() - cutAt > 2000 * leaseSeconds))
    lab.network.heal(host)
    for (const lease of leases) expect(await journal.report(lease)).toBe('fenced')
    await agents[index]!.saw(/the lease of task .* has lapsed: what was done of it here is refused/)

    await expectUndisturbed(lab, outcomeOf(await coordinator.done), wanted)
    // What it had asked for before the cut may have been granted after the look at what it held.
    const repeated = await journal.repeated(runId)
    expect(repeated).toEqual(expect.arrayContaining(inHand))
    expect(repeated).toEqual(await journal.lostBy(runId, host))
    // By which host, is open: healed, this one may draw its own tasks again, under a new lease.
    const ends = (await journal.ends(runId)).filter(({ key }) => inHand.includes(key))
    expect(ends.map(({ key }) => key)).toEqual(inHand)
    for (const { token } of ends) expect(leases.map((lease) => lease.token)).not.toContain(token)
  }, 240_000)
})
