import { expect, test } from '@jest/globals'
import { useLab } from './testing/disturbed-run.ts'
import { describeCluster } from './testing/lab-support.ts'
import { expectUndisturbed, outcomeOf, runIdOf, startRun } from './testing/training.ts'

const trials = 6

describeCluster('a Redis', () => {
  const use = useLab(2, trials)

  test('that is killed and comes back with what it had changes nothing', async () => {
    const { lab, journal, wanted } = use
    const coordinator = startRun(lab, trials)
    const runId = await runIdOf(coordinator)
    await journal.leased(runId, 'search/trial-1/')
    await lab.redis.stop('SIGKILL')
    await coordinator.saw(/Redis at .* is unreachable: waiting/)
    await lab.redis.start()
    await expectUndisturbed(lab, outcomeOf(await coordinator.done), wanted)
    expect(await journal.repeated(runId)).toEqual([])
  }, 240_000)

  test('that loses everything is told again from PostgreSQL', async () => {
    const { lab, journal, wanted } = use
    const coordinator = startRun(lab, trials)
    const runId = await runIdOf(coordinator)
    await journal.leased(runId, 'selection/up/importance')
    await lab.redis.flush()
    await expectUndisturbed(lab, outcomeOf(await coordinator.done), wanted)
    expect(await journal.repeated(runId)).toEqual([])
  }, 240_000)
})
