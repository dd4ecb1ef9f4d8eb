import { expect, test } from '@jest/globals'
import { useLab } from './testing/disturbed-run.ts'
import { describeCluster } from './testing/lab-support.ts'
import { expectUndisturbed, outcomeOf, runIdOf, startRun } from './testing/training.ts'

const trials = 6

describeCluster('an agent that is killed', () => {
  const use = useLab(2, trials)

  test('in the middle of a task costs what it had in hand, and nothing changes', async () => {
    const { lab, journal, agents, wanted } = use
    const coordinator = startRun(lab, trials)
    const runId = await runIdOf(coordinator)
    const host = journal.hostOf(await journal.leased(runId, 'search/trial-1/'))
    await agents[host]!.end('SIGKILL')
    const inHand = (await journal.held(runId, lab.hosts[host])).map(({ key }) => key)
    expect(inHand).not.toEqual([])

    await expectUndisturbed(lab, outcomeOf(await coordinator.done), wanted)
    // What it had asked for before it died may have been granted after the look at what it held.
    const repeated = await journal.repeated(runId)
    expect(repeated).toEqual(expect.arrayContaining(inHand))
    expect(repeated).toEqual(await journal.lostBy(runId, lab.hosts[host]!))
  }, 240_000)
})
