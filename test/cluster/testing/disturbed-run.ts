import { afterAll, beforeAll } from '@jest/globals'
import { ClusterLab } from './cluster-lab.ts'
import { LabJournal } from './lab-journal.ts'
import type { LabProcess } from './lab-process.ts'
import { undisturbed, type Fingerprint } from './training.ts'

/** What a suite that disturbs runs works with; filled in before its first test. */
export interface Disturbance {
  readonly lab: ClusterLab
  readonly journal: LabJournal
  /** An agent of one thread on each host, in the order of the hosts. */
  readonly agents: LabProcess[]
  /** Of the undisturbed run of `trials` trials. */
  readonly wanted: Fingerprint
}

/**
 * Before the tests of a suite: opens a lab of so many hosts, makes the undisturbed run, starts the agents. After them:
 * closes the lab.
 */
export function useLab(hosts: number, trials: number): Disturbance {
  let lab: ClusterLab | undefined
  let journal: LabJournal | undefined
  let wanted: Fingerprint | undefined
  const agents: LabProcess[] = []
  beforeAll(async () => {
    lab = await ClusterLab.open(hosts)
    journal = await LabJournal.open(lab)
    wanted = await undisturbed(lab, trials)
    for (const host of lab.hosts) agents.push(lab.startAgent(host))
  }, 240_000)
  afterAll(async () => {
    await journal?.close()
    await lab?.close()
  })
  const open = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('the lab is not open')
    return thing
  }
  return {
    agents,
    get lab() {
      return open(lab)
    },
    get journal() {
      return open(journal)
    },
    get wanted() {
      return open(wanted)
    },
  }
}
