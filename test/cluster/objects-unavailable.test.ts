import { test } from '@jest/globals'
import { useLab } from './testing/disturbed-run.ts'
import { describeCluster } from './testing/lab-support.ts'
import { expectUndisturbed, outcomeOf, runIdOf, startRun } from './testing/training.ts'

const trials = 6

describeCluster('an object store', () => {
  const use = useLab(2, trials)

  test('that is away for a while delays the run and changes nothing', async () => {
    const { lab, journal, agents, wanted } = use
    const coordinator = startRun(lab, trials)
    const runId = await runIdOf(coordinator)
    // The two first fits of the selection put their models there when they are done.
    await journal.leased(runId, 'selection/')
    lab.objects.takeAway()
    await Promise.any(agents.map((agent) => agent.saw(/OBJECT_STORE_UNAVAILABLE|object store/)))
    lab.objects.bringBack()
    await expectUndisturbed(lab, outcomeOf(await coordinator.done), wanted)
  }, 240_000)
})
