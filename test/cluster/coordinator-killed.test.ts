import { expect, test } from '@jest/globals'
import { useLab } from './testing/disturbed-run.ts'
import { describeCluster } from './testing/lab-support.ts'
import { expectUndisturbed, outcomeOf, startRun } from './testing/training.ts'

const trials = 6
/** Resumed on the host where it died, but after `selection` on another one. */
const transitions = ['created', 'features', 'selection', 'search', 'fit', 'register'] as const

describeCluster('a coordinator that is killed', () => {
  const use = useLab(2, trials)

  test('at every recorded transition is resumed, there or elsewhere, and the result is the same', async () => {
    const { lab, journal, wanted } = use
    let coordinator
    let runId: string | undefined
    for (const state of transitions) {
      // Listened to before the coordinator starts, so that the kill comes in the moment the state is stored.
      const entered = await journal.next(state)
      coordinator =
        runId === undefined
          ? startRun(lab, trials)
          : lab.train(['--resume', runId], state === 'search' ? lab.hosts[1] : undefined)
      const ended = coordinator.done.then(({ stderr }) => {
        throw new Error(`it ended before ${state}:\n${stderr}`)
      })
      runId = await Promise.race([entered.runId, ended])
      ended.catch(() => undefined)
      expect((await coordinator.end('SIGKILL')).signal).toBe('SIGKILL')
    }
    const outcome = outcomeOf(await lab.train(['--resume', runId!]).done)
    expect(outcome.runId).toBe(runId)
    await expectUndisturbed(lab, outcome, wanted)
    expect(await journal.repeated(runId!)).toEqual([])
  }, 240_000)
})
