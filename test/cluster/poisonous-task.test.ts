import { expect, test } from '@jest/globals'
import { useLab } from './testing/disturbed-run.ts'
import { describeCluster } from './testing/lab-support.ts'
import { fingerprint, outcomeOf, runIdOf, startRun } from './testing/training.ts'

const trials = 6
/** The last trial: no other one learns from it, so the rest of the search must be as if nothing had happened. */
const poison = `search/trial-${trials - 1}/fold-0`

describeCluster('a task that kills its worker', () => {
  const use = useLab(2, trials)

  test('is quarantined after the third, and the run goes on', async () => {
    const { lab, journal, agents, wanted } = use
    expect(wanted.best).not.toBe(trials - 1)
    const coordinator = startRun(lab, trials)
    const runId = await runIdOf(coordinator)
    for (let kill = 0; kill < 3; kill++) {
      const lease = await journal.leased(runId, poison)
      const host = journal.hostOf(lease)
      await agents[host]!.end('SIGKILL')
      agents[host] = lab.startAgent(lab.hosts[host]!)
      await journal.lapsed(runId, lease)
    }
    const outcome = outcomeOf(await coordinator.done)
    const { trials: ended, ...rest } = fingerprint(outcome)
    const { trials: planned, ...same } = wanted
    expect(rest).toEqual(same)
    expect(ended.slice(0, -1)).toEqual(planned.slice(0, -1))
    expect(ended.at(-1)).toMatchObject({ number: trials - 1, state: 'failed', score: null })
    expect(coordinator.stderr).toContain('TASK_QUARANTINED')
    const ends = await journal.ends(runId)
    expect(ends.filter(({ code }) => code !== null)).toMatchObject([
      { key: poison, worker: expect.any(String), code: 'TASK_QUARANTINED' },
    ])
  }, 240_000)
})
