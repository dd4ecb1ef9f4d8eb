import { expect, test } from '@jest/globals'
import { useLab } from './testing/disturbed-run.ts'
import { describeCluster } from './testing/lab-support.ts'
import { expectUndisturbed, outcomeOf, runIdOf, startRun } from './testing/training.ts'

const trials = 6

describeCluster('a PostgreSQL', () => {
  const use = useLab(2, trials)

  test.each(['fast', 'immediate'] as const)(
    'restarted (%s) in the middle of a run changes nothing',
    async (mode) => {
      const { lab, journal, agents, wanted } = use
      const coordinator = startRun(lab, trials)
      const runId = await runIdOf(coordinator)
      await journal.leased(runId, 'search/trial-1/')
      const inFlight = (await journal.held(runId)).map(({ key }) => key)
      await lab.postgres.stop(mode)
      // Whoever needs it first says so.
      const away = /results are kept until the database is back|the database is away/
      await Promise.any([coordinator, ...agents].map((process) => process.saw(away)))
      await lab.postgres.start()
      await expectUndisturbed(lab, outcomeOf(await coordinator.done), wanted)
      expect(inFlight).toEqual(expect.arrayContaining(await journal.repeated(runId)))
    },
    240_000,
  )
})
